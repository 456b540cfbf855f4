import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Rollup } from 'vite'
import { describe, expect, it } from 'vitest'
import type { Options } from '../../src/index.ts'
import { SiteMemory } from '../../src/plugin/rebuild-cache.ts'
import { resolveOptions } from '../../src/options.ts'
import type { PipelineMemory } from '../../src/pipeline.ts'
import { builtUrls } from '../../src/plugin/built-urls.ts'
import { bundleSite, EmittedFiles } from '../../src/plugin/bundle-site.ts'
import { secureBundle, type SecuredBundle } from '../../src/plugin/secure-bundle.ts'
import { temporaryDirectory, writeTree } from '../support/files.ts'

interface Chunk {
  code: string
  imports?: string[]
  dynamicImports?: string[]
  styles?: string[]
}

/** What one build has made, and what lies around it. */
class Project {
  readonly root = temporaryDirectory('memory')
  readonly pages: Record<string, string> = {}
  readonly assets: Record<string, string> = {}
  readonly chunks: Record<string, Chunk> = {}

  constructor() {
    mkdirSync(join(this.root, 'public'))
    mkdirSync(join(this.root, 'dist'))
  }

  private get bundle(): Rollup.OutputBundle {
    const assets = Object.entries({ ...this.assets, ...this.pages }).map(([fileName, source]) => ({
      type: 'asset',
      fileName,
      source,
    }))
    const chunks = Object.entries(this.chunks).map(([fileName, chunk]) => ({
      type: 'chunk',
      fileName,
      imports: [],
      dynamicImports: [],
      modules: {},
      ...chunk,
      viteMetadata: { importedCss: new Set(chunk.styles) },
    }))
    const files = [...assets, ...chunks].map((file) => [file.fileName, file])
    return Object.fromEntries(files) as unknown as Rollup.OutputBundle
  }

  secure(options: Options, memory?: PipelineMemory): SecuredBundle {
    const { root, bundle } = this
    const emitted = new EmittedFiles()
    emitted.add(bundle)
    const read = bundleSite(bundle, emitted, {
      root,
      publicDir: join(root, 'public'),
      outDir: join(root, 'dist'),
      urls: builtUrls(undefined, () => []),
    })
    return secureBundle(read, resolveOptions(options), memory)
  }
}

const page = (head: string, body = ''): string =>
  `<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n${head}\n</head>\n<body>${body}</body>\n</html>\n`

const APP = page(
  '<script type="module" src="/entry-a1b2c3d4.js"></script><link rel="stylesheet" href="/app.css">',
)
const OWN = page('<script src="/own.js"></script>')

function project(): Project {
  const made = new Project()
  Object.assign(made.pages, {
    'a.html': OWN,
    'app.html': APP,
    'b.html': OWN.replace('<body>', '<body><p>b'),
    'handler.html': OWN.replace('<body>', '<body onclick="go()">'),
    'map.html': page(
      '<script type="importmap">{"imports":{"x":"/modules/x.js"}}</script><script type="module" src="/modules/start.js"></script>',
    ),
    // What is left of its map depends on a file that nobody reads.
    'kept.html': page(
      '<script type="importmap">{"integrity":{"/gone.js":"sha384-x"}}</script><script type="module" src="/modules/x.js"></script>',
    ),
    'plain.html': page('<title>plain</title><script>plain()</script>'),
    'stale.html': page('<script src="/stale.js"></script>'),
  })
  Object.assign(made.assets, { 'app.css': '.a { color: red }', 'lazy.css': '.b { color: red }' })
  Object.assign(made.chunks, {
    'entry-a1b2c3d4.js': { code: 'import("./lazy-a1b2c3d4.js")', dynamicImports: ['lazy-a1b2c3d4.js'] },
    'lazy-a1b2c3d4.js': { code: 'export {}', styles: ['lazy.css'] },
  })
  writeTree(made.root, {
    'public/own.js': 'own()',
    'public/modules/start.js': 'import "x"; import("./later.js")',
    'public/modules/x.js': 'x()',
    'public/modules/later.js': 'later()',
    'dist/stale.js': 'stale()',
  })
  return made
}

/** What happens between two builds: whatever pages depend on beside their own text, one after the other, and nothing. */
const STEPS: readonly (readonly [name: string, step: (project: Project) => void])[] = [
  ['nothing yet', () => undefined],
  ['nothing', () => undefined],
  ['a page is another', ({ pages }) => (pages['plain.html'] = page('<script>other()</script>'))],
  ['a page that told of a name is another', ({ pages }) => (pages['a.html'] = page('<title>a</title>'))],
  ['a page tells of a name before others do', ({ pages }) => (pages['a.html'] = OWN)],
  ['a chunk is another', ({ chunks }) => (chunks['lazy-a1b2c3d4.js']!.code = 'fetch("https://x.example/")')],
  ['a chunk brings another style', ({ chunks }) => (chunks['lazy-a1b2c3d4.js']!.styles = ['app.css'])],
  ['a chunk is not imported any more', ({ chunks }) => (chunks['entry-a1b2c3d4.js']!.dynamicImports = [])],
  ['a style is another', ({ assets }) => (assets['app.css'] = '.a { background: url(https://x.example/) }')],
  [
    'a script that is no part of the bundle is another',
    ({ root }) => writeTree(root, { 'public/own.js': 'eval(x)' }),
  ],
  ['nothing', () => undefined],
  [
    'a script that such a script imports is another',
    ({ root }) => writeTree(root, { 'public/modules/x.js': 'y()' }),
  ],
  ['a file of an earlier build is another', ({ root }) => writeTree(root, { 'dist/stale.js': 'fresh()' })],
  ['a file of an earlier build is gone', ({ root }) => rmSync(join(root, 'dist/stale.js'))],
  ['it is there again', ({ root }) => writeTree(root, { 'dist/stale.js': 'stale()' })],
  ['a file is there that nobody reads', ({ root }) => writeTree(root, { 'dist/gone.js': 'gone()' })],
  ['it is gone', ({ root }) => rmSync(join(root, 'dist/gone.js'))],
  [
    'what the user wrote moves, and what is built of it stays',
    ({ root, pages }) => writeTree(root, { 'handler.html': `\n\n${pages['handler.html']}` }),
  ],
  ['it moves again', ({ root, pages }) => writeTree(root, { 'handler.html': `\n${pages['handler.html']}` })],
  [
    'a script imports what is missing',
    ({ root }) => writeTree(root, { 'public/modules/later.js': 'import("./gone.js")' }),
  ],
  ['nothing', () => undefined],
  ['what was missing is there', ({ root }) => writeTree(root, { 'public/modules/gone.js': 'gone()' })],
  ['a page is gone', ({ pages }) => delete pages['app.html']],
  ['it is there again', ({ pages }) => (pages['app.html'] = APP)],
  ['nothing, at the end', () => undefined],
]

const OPTIONS: readonly Options[] = [
  {},
  { preset: 'tight', scripts: 'dynamic', output: ['meta', 'netlify'] },
  { output: 'netlify', scripts: 'loader', layout: 'union' },
  { output: 'meta', layout: 'union', preset: 'basic' },
]

describe('pages that are remembered while files are watched', () => {
  it.each(OPTIONS)('come out as those that are not: %j', (options) => {
    const made = project()
    const memory: PipelineMemory = new SiteMemory()
    for (const [name, step] of STEPS) {
      step(made)
      expect(made.secure(options, memory), name).toEqual(made.secure(options))
    }
  })

  it('are not worked on again while they and what they depend on are the same', () => {
    const made = project()
    const memory: PipelineMemory = new SiteMemory()
    const secure = (): Map<string, object> =>
      new Map(made.secure({}, memory).secured.pages.map((one) => [one.path, one]))
    const again = (): string[] => {
      const before = last
      last = secure()
      return [...last].filter(([path, one]) => before.get(path) !== one).map(([path]) => path)
    }
    let last = secure()
    // It has a handler, and where that stands in the user's file is looked up each time.
    expect(again()).toEqual(['handler.html'])
    made.pages['plain.html'] = page('<script>other()</script>')
    expect(again()).toEqual(['handler.html', 'plain.html'])
    writeTree(made.root, { 'public/own.js': 'other()' })
    expect(again()).toHaveLength(Object.keys(made.pages).length)
  })
})
