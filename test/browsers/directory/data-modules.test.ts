import { rmSync } from 'node:fs'
import legacy from '@vitejs/plugin-legacy'
import { build, type Plugin } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyDirectory } from '../../../src/index.ts'
import { findDataModules } from '../../../src/core/graph/data-modules.ts'
import { type Browser, engines, launch } from '../index.ts'
import { serve } from '../serve.ts'
import { run } from '../../cli/run-main.ts'
import { makeDirectory, readTree, writeTree } from '../../support/files.ts'

const APP = {
  'index.html':
    '<!doctype html><html><head><meta charset="utf-8"><title>t</title></head><body><script type="module" src="/main.js"></script></body></html>',
  'main.js': `
    window.ran = [...(window.ran ?? []), import.meta.env.LEGACY ? 'legacy' : 'modern']
    import('./lazy.js').then(({ name }) => window.ran.push(name))
  `,
  'lazy.js': 'export const name = "lazy"',
}

/** A build of plugin-legacy that knows nothing of policies. */
async function buildLegacy(outDir: string, base: string): Promise<void> {
  const root = makeDirectory('legacy-source')
  writeTree(root, APP)
  await build({
    root,
    base,
    configFile: false,
    logLevel: 'silent',
    build: { outDir, emptyOutDir: true },
    plugins: [legacy() as Plugin[]],
  })
  rmSync(root, { recursive: true })
}

const CASES = [
  { base: '/', mount: '/' },
  { base: './', mount: '/deep/down/' },
]

describe.each(CASES)('a build of plugin-legacy with base $base, protected by the command alone', (one) => {
  const dir = makeDirectory('legacy')
  const plain = makeDirectory('legacy-plain')
  beforeAll(async () => {
    await buildLegacy(dir, one.base)
    await buildLegacy(plain, one.base)
    expect(await run([dir])).toMatchObject({ exit: 0 })
  })
  afterAll(() => {
    for (const folder of [dir, plain]) rmSync(folder, { recursive: true })
  })

  it('has guards that are imported by data: URLs', () => {
    const tree = readTree(plain)
    const guarded = Object.keys(tree).filter((path) => tree[path]?.includes('data:text/javascript,'))
    expect(guarded).toEqual([expect.stringMatching(/^assets\/index-/), 'index.html'])
  })

  it('gets files in their place, and the same ones in a second run', async () => {
    const once = readTree(dir)
    const made = Object.keys(once).filter((path) => /data-module-[\w-]{8}\.js$/.test(path))
    expect(made).toHaveLength(2)
    // No chunk was edited under its name.
    const before = readTree(plain)
    for (const path of Object.keys(before))
      if (path !== 'index.html') expect(once[path]).toEqual(before[path])
    expect((await run([dir])).out).toContain('Nothing changed')
    expect(readTree(dir)).toEqual(once)
  })

  it('is one that verify finds nothing wrong with', async () => {
    expect((await verifyDirectory(dir)).refusals).toEqual([])
  })

  describe.each(engines)('in %s', (engine) => {
    let browser: Browser
    beforeAll(async () => {
      browser = await launch(engine)
    })
    afterAll(() => browser.close())

    it('runs the modern bundle alone, and violates nothing', async () => {
      const served = await serve({ dir, base: one.mount })
      const visit = await browser.visit(served.url(''))
      await visit.waitFor('window.ran?.includes("lazy")')
      expect(await visit.evaluate('window.ran')).toEqual(['modern', 'lazy'])
      expect(await visit.violations()).toEqual([])
      expect(served.requests.filter((path) => path.includes('data-module'))).toHaveLength(2)
      expect(served.requests.filter((path) => path.includes('-legacy'))).toEqual([])
      await served.close()
    })
  })
})

describe('modules that are imported by data: URLs', () => {
  const found = (scripts: Record<string, string>, pages: Record<string, string> = {}) =>
    findDataModules({
      scripts: Object.keys(scripts),
      pages: Object.keys(pages),
      script: (path) => Buffer.from(scripts[path] ?? ''),
      page: (path) => pages[path],
    })

  it('are decoded, and lie beside the first script that imports them', async () => {
    const modules = await found({
      'a/x.js': 'import "data:text/javascript;base64,YWxlcnQoMSk="',
      'b/y.js':
        'import "data:text/javascript;base64,YWxlcnQoMSk="; export * from "data:application/ecmascript,f(%22%C3%A9%22)"',
    })
    expect(modules.map(({ path, text }) => [path.replace(/-[\w-]{8}\.js/, ''), text])).toEqual([
      ['a/data-module', 'alert(1)'],
      ['b/data-module', 'f("é")'],
    ])
  })

  it('are looked for in inline scripts of a few pages, and of many once a script has one', async () => {
    const page =
      '<script type="module">import "data:text/javascript,2"</script><script>import("data:text/javascript,3")</script>'
    const many = Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`${n}.html`, page]))
    expect(await found({ 'x.js': '"data:text/javascript,1"' }, many)).toEqual([])
    const alone = await found({ 'js/x.js': '' }, { 'index.html': page })
    expect(alone.map(({ path, text }) => [path.split('/')[0], text])).toEqual([
      ['js', '2'],
      ['js', '3'],
    ])
    const modules = await found({ 'x.js': 'import "data:text/javascript,1"' }, { 'index.html': page })
    expect(modules.map(({ text }) => text)).toEqual(['1', '2', '3'])
  })

  it('are none in what cannot be parsed', async () => {
    expect(await found({ 'x.js': 'import "data:text/javascript,1"; a = b) from' })).toEqual([])
  })
})
