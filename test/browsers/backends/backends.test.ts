import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cspHashes } from '../../../src/index.ts'
import { makeDirectory } from '../../support/files.ts'
import { freePort } from '../../support/ports.ts'
import { type Browser, engines, launch, type Visit } from '../index.ts'

const EXAMPLE = join(import.meta.dirname, '../../../examples/backend')
const SERVERS = {
  PHP: (port: number) => ['php', '-S', `127.0.0.1:${port}`, '-t', 'public', 'php/index.php'],
  Python: (port: number) => ['python3', 'python/server.py', String(port)],
  Node: (port: number) => ['node', 'node/server.js', String(port)],
}

const root = makeDirectory('backends')
const assets = join(root, 'public/build/assets')
const servers: ChildProcess[] = []
const origins = new Map<string, string>()
/** Where the chunk lies that only the import map pins, and what was built. */
let lazy: string
let code: string

async function start(name: keyof typeof SERVERS): Promise<void> {
  const port = await freePort()
  const [command, ...flags] = SERVERS[name](port)
  servers.push(spawn(command!, flags, { cwd: root, stdio: 'ignore' }))
  const origin = `http://localhost:${port}`
  origins.set(name, origin)
  for (let tries = 0; tries < 400; tries++) {
    if (
      await fetch(`http://127.0.0.1:${port}/`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return
    await new Promise((next) => setTimeout(next, 50))
  }
  throw new Error(`${command} does not answer. On Debian: apt-get install php-cli python3`)
}

beforeAll(async () => {
  cpSync(EXAMPLE, root, { recursive: true })
  await build({
    root,
    configFile: false,
    logLevel: 'silent',
    base: '/build/',
    publicDir: false,
    build: {
      manifest: true,
      outDir: 'public/build',
      rollupOptions: { input: join(root, 'src/main.js') },
      chunkImportMap: true,
    },
    plugins: [cspHashes()],
  })
  lazy = join(
    assets,
    readdirSync(assets).find((file) => /^lazy.*\.js$/.test(file))!,
  )
  code = readFileSync(lazy, 'utf8')
  await Promise.all((['PHP', 'Python', 'Node'] as const).map(start))
})
afterAll(() => {
  for (const server of servers) server.kill()
  rmSync(root, { recursive: true, force: true })
})

const HELLO = `document.querySelector('#app')?.textContent === 'Hello, </script>.'`
const LAZY = `document.querySelector('#app')?.dataset.tide === 'high'`

describe.each(engines)('in %s', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch(engine)
  })
  afterAll(() => browser.close())

  describe.each(Object.keys(SERVERS))('a page that %s renders', (name) => {
    const open = (): Promise<Visit> =>
      browser.visit(`${origins.get(name)}/?name=${encodeURIComponent('</script>')}`)

    it('works without a violation', async () => {
      const visit = await open()
      await visit.waitFor(HELLO)
      await visit.waitFor(LAZY)
      await visit.waitFor(`getComputedStyle(document.querySelector('#app')).fontStyle === 'italic'`)
      expect(await visit.violations()).toEqual([])
      expect((await visit.consoleErrors()).filter((text) => !text.includes('404'))).toEqual([])
    })

    it('runs no chunk that was changed', async () => {
      writeFileSync(lazy, `${code};document.title = 'changed'`)
      try {
        const visit = await open()
        await visit.waitFor(HELLO)
        await expect
          .poll(async () => (await visit.consoleErrors()).join('\n'), { timeout: 20_000 })
          .toMatch(/integrity|error loading dynamically imported module|failed to fetch/i)
        expect(await visit.evaluate('document.title')).not.toBe('changed')
        expect(await visit.evaluate(LAZY)).toBe(false)
      } finally {
        writeFileSync(lazy, code)
      }
    })
  })
})
