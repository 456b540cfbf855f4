import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { build, type BuildEnvironmentOptions } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cspHashes } from '../../../src/index.ts'
import { verifyDirectory } from '../../../src/verify-site/built.ts'
import { makeDirectory, writeTree } from '../../support/files.ts'
import { type Browser, engines, launch } from '../index.ts'
import { serve, type Served } from '../serve.ts'

const page = (head: string): string =>
  `<!doctype html><html><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>dead</title>${head}</head><body></body></html>`
const RAN = `document.title = 'ran'`

interface App {
  readonly name: string
  readonly files: Readonly<Record<string, string>>
  readonly build?: BuildEnvironmentOptions
}

const APPS: readonly App[] = [
  {
    name: 'a small file that an inline script imports, which Vite writes as a data: URL',
    files: { 'index.html': page(`<script>import('./src/small.js')</script>`), 'src/small.js': RAN },
  },
  {
    name: 'the same from a script that is a module by its own words',
    files: {
      'index.html': page(
        `<script>addEventListener('load', async () => { await import('./src/small.js') })</script>`,
      ),
      'src/small.js': RAN,
    },
  },
  {
    name: "the import map of build.chunkImportMap, and the user's",
    files: {
      'index.html': page(
        `<script type="importmap">{"imports":{"lib":"/vendor/lib.js"}}</script><script type="module" src="/src/main.js"></script>`,
      ),
      'src/main.js': `import { word } from 'lib'\nimport('./lazy.js').then(({ last }) => { document.title = word + last })`,
      'src/lazy.js': `export const last = 'n'`,
      'public/vendor/lib.js': `export const word = 'ra'`,
    },
    build: { chunkImportMap: true, rolldownOptions: { external: ['lib'] } },
  },
]

const root = makeDirectory('import-maps')
const served = new Map<string, Served>()
const dirOf = ({ name }: App): string =>
  join(root, String(APPS.findIndex((app) => app.name === name)), 'dist')

beforeAll(async () => {
  for (const app of APPS) {
    const dir = dirOf(app)
    writeTree(join(dir, '..'), app.files)
    await build({
      root: join(dir, '..'),
      configFile: false,
      logLevel: 'silent',
      build: { ...app.build },
      plugins: [cspHashes()],
    })
    served.set(app.name, await serve({ dir }))
  }
})
afterAll(async () => {
  for (const one of served.values()) await one.close()
  rmSync(root, { recursive: true, force: true })
})

it.each(APPS)('$name: the oracle finds nothing', async (app) => {
  expect((await verifyDirectory(dirOf(app), { project: root })).refusals).toEqual([])
})

describe.each(engines)('in %s', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch(engine)
  })
  afterAll(() => browser.close())

  it.each(APPS)('$name', async ({ name }) => {
    const visit = await browser.visit(served.get(name)!.url('/'))
    await visit.waitFor(`document.title === 'ran'`)
    expect(await visit.violations()).toEqual([])
  })
})
