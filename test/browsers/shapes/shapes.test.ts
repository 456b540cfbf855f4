import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Graph } from '../../../src/core/site/model.ts'
import { resolveOptions, type Options } from '../../../src/options.ts'
import { secureSite } from '../../../src/pipeline.ts'
import { type Browser, engines, launch } from '../index.ts'
import { serve } from '../serve.ts'
import { makeDirectory, temporaryDirectory, writeTree } from '../../support/files.ts'
import { memorySite } from '../../support/memory-site.ts'
import { buildPlayground, PLAYGROUNDS } from '../playground/apps.ts'
import { walk } from '../playground/walk.ts'

const say = (word: string): string => `(globalThis.said ??= []).push(${JSON.stringify(word)});\n`

const FILES: Record<string, string> = {
  'assets/entry.js': `import './dep.js'\n${say('entry')}${say(`root: `)}said[said.length - 1] += Boolean(document.getElementById('root'))\nimport('./lazy.js')\n`,
  'assets/dep.js': say('dep'),
  'assets/lazy.js': say('lazy'),
  'assets/second.js': say('second'),
  'assets/blocking.js': say('blocking'),
  'assets/deferred.js': `${say('deferred')}globalThis.kept = (({ crossOrigin, integrity, referrerPolicy, id, dataset }) => [crossOrigin, integrity.slice(0, 7), referrerPolicy, id, dataset.x])(document.currentScript)\n`,
  'assets/async.js': say('async'),
  'assets/old.js': say('old'),
}

const GRAPH: Graph = new Map([
  ['assets/entry.js', { imports: ['assets/dep.js'], dynamicImports: ['assets/lazy.js'], styles: [] }],
  ['assets/dep.js', { imports: [], dynamicImports: [], styles: [] }],
  ['assets/lazy.js', { imports: [], dynamicImports: [], styles: [] }],
  ['assets/second.js', { imports: [], dynamicImports: [], styles: [] }],
])

const page = (head: string): string =>
  `<!doctype html><html><head><meta charset="utf-8"><link rel="icon" href="data:,">${head}</head><body>${'<p>text</p>'.repeat(20_000)}<div id="root"></div></body></html>`

function secured(head: string, options: Options): string {
  const directory = temporaryDirectory('shape')
  const site = memorySite({ ...FILES, 'index.html': page(head) }, '/', GRAPH)
  const { pages, findings } = secureSite(site, resolveOptions(options))
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
  writeTree(directory, { ...FILES, ...Object.fromEntries(pages.map(({ path, html }) => [path, html])) })
  return directory
}

const ALL_KINDS = [
  '<link rel="modulepreload" href="/assets/dep.js">',
  `<script>${say('inline').trim()}</script>`,
  '<script type="module" src="/assets/entry.js"></script>',
  '<script src="/assets/deferred.js" defer crossorigin="anonymous" referrerpolicy="no-referrer" fetchpriority="high" id="d" data-x="1&amp;2"></script>',
  '<script src="/assets/blocking.js"></script>',
  `<script>${say('after blocking').trim()}</script>`,
  '<script async src="/assets/async.js"></script>',
  '<script nomodule defer src="/assets/old.js"></script>',
  '<script type="module" src="/assets/second.js"></script>',
].join('')

describe.each(engines)('in %s', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch(engine)
  })
  afterAll(() => browser.close())

  it.each(['strict', 'dynamic', 'loader'] as const)(
    '%s keeps what tags say: order, attributes, the end of the document',
    async (scripts) => {
      const served = await serve({ dir: secured(ALL_KINDS, { scripts }) })
      const visit = await browser.visit(served.url('/'))
      await visit.waitFor(`['lazy', 'async', 'second'].every((word) => said.includes(word))`)
      const said = await visit.evaluate<string[]>('said')
      // A dynamic import and an async script come when they come; everything else in the order of the tags.
      expect(said.filter((word) => word !== 'async' && word !== 'lazy')).toEqual([
        'inline',
        'blocking',
        'after blocking',
        'dep',
        'entry',
        'root: true',
        'deferred',
        'second',
      ])
      expect(await visit.evaluate('kept')).toEqual(['anonymous', 'sha384-', 'no-referrer', 'd', '1&2'])
      expect(await visit.violations()).toEqual([])
      await served.close()
    },
  )

  it('the loader assigns script URLs through its own Trusted Types policy', async () => {
    const served = await serve({ dir: secured(ALL_KINDS, { scripts: 'loader', trustedTypes: true }) })
    const visit = await browser.visit(served.url('/'))
    await visit.waitFor(`['lazy', 'async', 'second'].every((word) => said.includes(word))`)
    expect(await visit.violations()).toEqual([])
    await served.close()
  })
})

describe('a second run', () => {
  it.each(['strict', 'dynamic', 'loader'] as const)('over its own %s output changes nothing', (scripts) => {
    const run = (html: string): string =>
      secureSite(memorySite({ ...FILES, 'index.html': html }, '/', GRAPH), resolveOptions({ scripts }))
        .pages[0]!.html
    const once = run(page(ALL_KINDS))
    expect(once).not.toBe(page(ALL_KINDS))
    // Not by toBe: a page of half a megabyte makes no readable message.
    expect(run(once) === once).toBe(true)
  })
})

describe('the size of the policy', () => {
  const withChunks = (count: number, scripts: 'strict' | 'dynamic' | 'loader'): number => {
    const names = Array.from({ length: count }, (_, index) => `assets/lazy-${index}.js`)
    const files = Object.fromEntries(names.map((name) => [name, say(name)]))
    const leaf = { imports: [], dynamicImports: [], styles: [] }
    const graph: Graph = new Map([
      ['assets/entry.js', { ...leaf, dynamicImports: names }],
      ...names.map((name) => [name, leaf] as const),
    ])
    const site = memorySite(
      { ...FILES, ...files, 'index.html': page('<script type="module" src="/assets/entry.js"></script>') },
      '/',
      graph,
    )
    return secureSite(site, resolveOptions({ scripts })).pages[0]!.summary.policyLength
  }

  it.each([
    ['strict', 0],
    ['loader', 0],
    // A quoted sha384 hash and a space.
    ['dynamic', 74 * 90],
  ] as const)('%s grows by %i characters from 10 to 100 chunks', (scripts, growth) => {
    expect(withChunks(100, scripts) - withChunks(10, scripts)).toBe(growth)
  })
})

describe('a browser that knows no integrity in import maps, as if there were none', () => {
  const withoutMap = (_: string, bytes: Buffer): Buffer | undefined => {
    const html = bytes.toString('utf8')
    const left = html.replace(/<script type="importmap"[^>]*>[^<]*<\/script>/, '')
    return left === html ? undefined : Buffer.from(left)
  }
  const directories = {
    strict: makeDirectory('no-map'),
    dynamic: makeDirectory('no-map'),
    loader: makeDirectory('no-map'),
  }
  beforeAll(async () => {
    for (const scripts of ['strict', 'dynamic', 'loader'] as const)
      await buildPlayground('react-spa', directories[scripts], { scripts })
  })
  afterAll(() => {
    for (const directory of Object.values(directories)) rmSync(directory, { recursive: true, force: true })
  })

  describe.each(engines)('in %s', (engine) => {
    let browser: Browser
    beforeAll(async () => {
      browser = await launch(engine)
    })
    afterAll(() => browser.close())

    it.each(['strict', 'loader'] as const)('runs everything under %s', async (scripts) => {
      const served = await serve({ dir: directories[scripts], fallback: 'index.html', override: withoutMap })
      const visit = await walk(browser, served, PLAYGROUNDS['react-spa']!.pages[0]!)
      expect(await visit.evaluate(`!document.querySelector('script[type=importmap]')`)).toBe(true)
      expect(await visit.violations()).toEqual([])
      await served.close()
    })

    it(
      engine === 'webkit'
        ? 'runs everything under dynamic'
        : 'runs the start alone under dynamic: lazy chunks are refused',
      async () => {
        const served = await serve({ dir: directories.dynamic, fallback: 'index.html', override: withoutMap })
        const visit = await browser.visit(served.url('/'))
        await visit.waitFor(`document.querySelector('[data-ready]')`)
        await visit.click('[data-to=notes]')
        if (engine === 'webkit') await visit.waitFor(`document.querySelector('[data-view=notes]')`)
        else {
          await expect
            .poll(async () => (await visit.violations()).map(({ directive }) => directive))
            .toContain('script-src-elem')
          expect(await visit.evaluate(`!document.querySelector('[data-view=notes]')`)).toBe(true)
        }
        await served.close()
      },
    )
  })
})
