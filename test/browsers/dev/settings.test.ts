import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createServer, type ServerOptions, type ViteDevServer } from 'vite'
import { cspHashes } from '../../../src/index.ts'
import { collectingLogger } from '../../support/logger.ts'
import { makeDirectory, writeTree } from '../../support/files.ts'
import { freePort } from '../../support/ports.ts'
import { certificate } from '../everywhere.ts'
import { type Browser, engines, launch } from '../index.ts'

const FILES = {
  'index.html':
    '<!doctype html><html><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>t</title></head><body><p></p><script type="module" src="/main.js"></script></body></html>\n',
  'main.js': `import './main.css'
import picture from './picture.png'
const image = new Image()
image.onload = () => (document.documentElement.dataset.picture = picture)
image.src = picture
document.querySelector('p').textContent = 'one'
import.meta.hot.accept()
`,
  'main.css': 'p { color: rgb(1, 1, 1) }\n',
  'picture.png': Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
}

interface Running {
  readonly url: string
  readonly lines: readonly string[]
  change(main: string): void
  close(): Promise<void>
}

async function start(settings: (port: number) => ServerOptions): Promise<Running> {
  const root = makeDirectory('dev-settings')
  writeTree(root, FILES)
  const { logger: customLogger, lines } = collectingLogger()
  const port = await freePort()
  const server: ViteDevServer = await createServer({
    root,
    configFile: false,
    customLogger,
    cacheDir: join(root, '.vite'),
    server: { port, strictPort: true, host: 'localhost', ...settings(port) },
    plugins: [cspHashes({ preset: 'tight', dev: 'enforce' })],
  })
  await server.listen()
  return {
    url: server.resolvedUrls!.local[0]!,
    lines,
    change: (main) => writeTree(root, { 'main.js': main }),
    async close() {
      await server.close()
      rmSync(root, { recursive: true, force: true })
    },
  }
}

const SETTINGS: Readonly<Record<string, (port: number) => ServerOptions>> = {
  'server.https': () => ({ https: certificate() }),
  'server.origin': (port) => ({ origin: `http://127.0.0.1:${port}`, host: '127.0.0.1', cors: true }),
}

const told = (lines: readonly string[]): string[] => lines.filter((line) => /\[[a-z]+-[a-z-]+\]$/m.test(line))

/** Reports come from these two. */
describe.each(engines.filter((engine) => engine !== 'webkit'))('in %s', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch(engine)
  })
  afterAll(() => browser?.close())

  it.each(Object.entries(SETTINGS))(
    '%s: the page works under the policy, and updates',
    async (name, settings) => {
      const running = await start(settings)
      try {
        // With server.origin files come from there, also where the page does not.
        const url = name === 'server.origin' ? running.url.replace('127.0.0.1', 'localhost') : running.url
        const visit = await browser.visit(url)
        await visit.waitFor(`document.querySelector('p').textContent === 'one'`, 30_000)
        await visit.waitFor('document.documentElement.dataset.picture !== undefined')
        if (name === 'server.origin')
          expect(await visit.evaluate('document.documentElement.dataset.picture')).toContain('127.0.0.1')
        running.change(FILES['main.js'].replace("'one'", "'two'"))
        await visit.waitFor(`document.querySelector('p').textContent === 'two'`, 30_000)
        expect(await visit.violations()).toEqual([])
        expect(told(running.lines)).toEqual([])
      } finally {
        await running.close()
      }
    },
  )

  it("Vite's own error overlay shows, and goes when the error is gone", async () => {
    const running = await start(() => ({}))
    try {
      const visit = await browser.visit(running.url)
      await visit.waitFor(`document.querySelector('p').textContent === 'one'`, 30_000)
      running.change(`import './nowhere.js'\n${FILES['main.js']}`)
      await visit.waitFor(`document.querySelector('vite-error-overlay') !== null`, 30_000)
      running.change(FILES['main.js'].replace("'one'", "'three'"))
      await visit.waitFor(`document.querySelector('p').textContent === 'three'`, 30_000)
      expect(await visit.evaluate(`document.querySelector('vite-error-overlay') === null`)).toBe(true)
      expect(await visit.violations()).toEqual([])
    } finally {
      await running.close()
    }
  })
})
