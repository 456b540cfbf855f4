import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ViteDevServer } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cspHashes, type Options } from '../../../src/index.ts'
import { makeDirectory, writeTree } from '../../support/files.ts'
import { freePort } from '../../support/ports.ts'
import { collectingLogger } from '../../support/logger.ts'
import { TOOLCHAINS } from '../../vite/majors.ts'
import { type Browser, type Engine, engines, launch } from '../index.ts'
import { APPS, type DevApp, frameworkPlugin } from './apps.ts'

const SHOWN: readonly Engine[] = engines.filter((engine) => engine !== 'webkit')
const browsers: Browser[] = []
beforeAll(async () => {
  for (const engine of SHOWN) browsers.push(await launch(engine))
})
afterAll(async () => {
  for (const browser of browsers) await browser.close()
})

const CASES = TOOLCHAINS.filter(({ major }) => major >= 6).flatMap((toolchain) =>
  APPS.map((app) => ({ ...toolchain, app, title: `${app.name} on Vite ${toolchain.major}` })),
)

/** What the plugin has told: code and place. */
const told = (lines: readonly string[]): string[] =>
  lines
    .filter((line) => line.includes('[vite-plugin-csp-hashes]'))
    .map((line) => / (\S+:\d+):\d+ .*?\[([a-z-]+)\]$/m.exec(line)?.slice(1).join(' ') ?? line)

const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length

function expected({ faulty, files }: DevApp): string[] {
  const at = (part: string): string => `${faulty}:${lineOf(files[faulty]!, part)}`
  return [
    `${at("eval('1')")} eval-used`,
    `${at('document.head.append')} foreign-script-url`,
    `${at('new Image')} need-blocked`,
    'faults.html:11 inline-handler',
    'faults.html:12 style-attribute',
  ].toSorted()
}

describe.each(CASES)('vite dev: $title', ({ vite, major, app }) => {
  const root = makeDirectory('dev')
  const { logger, lines } = collectingLogger()
  const options: Options = { preset: 'tight', dev: 'enforce' }
  let server: ViteDevServer
  let url: string
  beforeAll(async () => {
    writeTree(root, app.files)
    server = await vite.createServer({
      root,
      configFile: false,
      customLogger: logger,
      cacheDir: join(root, '.vite'),
      // Pages of a server that was closed look for it at its port, and load again when another one answers.
      server: { port: await freePort(), strictPort: true, host: 'localhost' },
      optimizeDeps: { include: [...app.include] },
      plugins: [frameworkPlugin(app.name, major), cspHashes(options)],
    })
    await server.listen()
    url = server.resolvedUrls!.local[0]!
  })
  afterAll(async () => {
    await server.close()
    rmSync(root, { recursive: true, force: true })
  })

  it('updates script and style while the policy is enforced, without a report', async () => {
    const visits = []
    for (const browser of browsers) visits.push(await browser.visit(url))
    const says = (word: string, colour: string): string =>
      `document.querySelector('#p') && document.querySelector('#p').textContent === '${word}' && getComputedStyle(document.querySelector('#p')).color === '${colour}'`
    for (const visit of visits) {
      await visit.waitFor(says('one', 'rgb(1, 1, 1)'), 30_000)
      // A reload would lose it.
      await visit.evaluate('window.same = true')
      if (app.name === 'vanilla')
        await visit.waitFor(`document.querySelector('[data-worker=worked]') !== null`)
    }
    replace(join(root, app.script), "'one'", "'two'")
    for (const visit of visits) await visit.waitFor(says('two', 'rgb(1, 1, 1)'), 30_000)
    // The watcher takes a second change of the same file within 50 ms for the first one.
    await new Promise((next) => setTimeout(next, 200))
    replace(join(root, app.style), 'rgb(1, 1, 1)', 'rgb(2, 2, 2)')
    for (const visit of visits) {
      await visit.waitFor(says('two', 'rgb(2, 2, 2)'), 30_000)
      expect(await visit.evaluate('window.same')).toBe(true)
      expect(await visit.evaluate('document.documentElement.dataset.early')).toBe('yes')
      expect(await visit.violations()).toEqual([])
    }
    expect(told(lines)).toEqual([])
  })

  it('tells each fault once, in its source line, whichever browsers report it', async () => {
    const visit = await browsers[0]!.visit(`${url}faults.html`)
    await expect.poll(() => told(lines).toSorted(), { timeout: 30_000 }).toEqual(expected(app))
    await visit.waitFor(`document.querySelector('csp-hashes-overlay') !== null`)
    for (const browser of browsers.slice(1)) {
      const other = await browser.visit(`${url}faults.html`)
      await expect.poll(async () => (await other.violations()).length, { timeout: 30_000 }).toBeGreaterThan(4)
    }
    expect(told(lines).toSorted()).toEqual(expected(app))
  })
})

function replace(file: string, before: string, after: string): void {
  const text = readFileSync(file, 'utf8')
  expect(text).toContain(before)
  writeFileSync(file, text.replace(before, after))
}
