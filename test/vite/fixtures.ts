import type { Plugin, UserConfig } from 'vite'
import { viteSingleFile } from 'vite-plugin-singlefile'
import type { FindingCode, Options } from '../../src/index.ts'
import type { RefusalCode } from '../../src/verify/index.ts'
import { APP, type Files, INDEX_MARKS, MARKS, page } from './app.ts'
import type { Major, Toolchain } from './majors.ts'
import { PUBLIC_FILES, PUBLIC_MARKS, PUBLIC_PAGE_MARKS } from './public-files.ts'
import { WASM_FILES, WASM_MARKS, WORKER_FILES, WORKER_MARKS } from './worker-files.ts'

/** What a build may depend on. */
export interface Setting extends Toolchain {
  readonly root: string
  /** Where the output is also served, for other origins. Ends with a slash. */
  readonly cdn: string
}

export const SHAPES = ['strict', 'dynamic', 'loader'] as const satisfies readonly NonNullable<
  Options['scripts']
>[]
export type Shape = (typeof SHAPES)[number]

/** Something that Vite can emit. */
export interface Fixture {
  readonly name: string
  /** @default all */
  readonly majors?: readonly Major[]
  /** Added to the app's own. */
  readonly files?: Files
  /** @default the app's two pages */
  readonly pages?: Readonly<Record<string, readonly string[]>>
  config?(setting: Setting): UserConfig
  /** Listed before the plugin. */
  before?(setting: Setting): Plugin[]
  /** Listed behind the plugin. */
  after?(setting: Setting): Plugin[]
  readonly options?: Options
  /** Where the output is mounted. @default '/' */
  readonly mount?: string
  /** What the plugin has to warn of. @default nothing */
  readonly tells?: Partial<Record<Shape, readonly FindingCode[]>>
  /** What the oracle may say of it all the same. */
  readonly exceptions?: readonly RefusalCode[]
}

/** The lists of preloads name files as the import map does on its left side, and the helper resolves them with it. */
const PRELOADED_BY_NAME: readonly RefusalCode[] = ['file-missing']
const always = (...codes: FindingCode[]) => Object.fromEntries(SHAPES.map((shape) => [shape, codes]))
/** It knows a way with `eval`, and waits for the document to look for import maps of its own. */
const SYSTEM_JS: Fixture['tells'] = { ...always('eval-used'), loader: ['eval-used', 'dom-content-loaded'] }
const single = { 'index.html': INDEX_MARKS }
export const WITHOUT_WORKER = {
  files: { 'src/main.js': APP['src/main.js']!.replace(/const worker[^]*/, '') },
  pages: Object.fromEntries(
    Object.entries(MARKS).map(([path, marks]) => [path, marks.filter((mark) => mark !== 'worker')]),
  ),
}
const build = (options: UserConfig['build']) => () => ({ build: options ?? {} })
const output = (options: object) => build({ rollupOptions: { output: options } })

export const FIXTURES: readonly Fixture[] = [
  {
    name: 'a single page',
    pages: single,
    config: output({ manualChunks: (id: string) => (id.includes('shared') ? 'shared' : undefined) }),
  },
  { name: 'pages that share chunks' },
  { name: 'base /sub/', config: () => ({ base: '/sub/' }), mount: '/sub/' },
  { name: 'base ./', config: () => ({ base: './' }), mount: '/some/where/' },
  // Browsers start no worker from another origin.
  { name: 'base of a CDN', config: ({ cdn }) => ({ base: cdn }), ...WITHOUT_WORKER },
  {
    name: 'renderBuiltUrl to a CDN',
    config: ({ cdn }) => ({ experimental: { renderBuiltUrl: (file) => cdn + file } }),
    ...WITHOUT_WORKER,
  },
  {
    name: 'renderBuiltUrl relative',
    config: () => ({ base: '/sub/', experimental: { renderBuiltUrl: () => ({ relative: true }) } }),
    mount: '/sub/',
  },
  {
    name: 'renderBuiltUrl at run time',
    files: {
      'index.html': APP['index.html']!.replace(
        "mark('inline')",
        "mark('inline'); window.urlOf = (file) => '/' + file",
      ),
      'nested/page.html': APP['nested/page.html']!.replace(
        "mark('inline')",
        "mark('inline'); window.urlOf = (file) => '/' + file",
      ),
    },
    config: () => ({
      experimental: {
        renderBuiltUrl: (file, { hostType }) =>
          hostType === 'js' ? { runtime: `window.urlOf(${JSON.stringify(file)})` } : `/${file}`,
      },
    }),
    tells: always('import-map-runtime'),
  },
  { name: 'cssCodeSplit: false', config: build({ cssCodeSplit: false }) },
  { name: 'modulePreload: false', config: build({ modulePreload: false }) },
  { name: 'modulePreload with polyfill', config: build({ modulePreload: { polyfill: true } }) },
  {
    name: 'modulePreload with resolveDependencies',
    config: build({
      modulePreload: { resolveDependencies: (_, files) => files.filter((file) => file.endsWith('.css')) },
    }),
  },
  { name: 'source maps in files', config: build({ sourcemap: true }) },
  { name: 'source maps inline', config: build({ sourcemap: 'inline' }) },
  { name: 'source maps hidden', config: build({ sourcemap: 'hidden' }) },
  { name: 'terser', config: build({ minify: 'terser' }) },
  { name: 'not minified', config: build({ minify: false }) },
  { name: 'banner and footer', config: output({ banner: '/* © 2026 “B” */', footer: '/* the end */' }) },
  { name: 'the manifest', config: build({ manifest: true }) },
  {
    name: 'names of its own',
    config: output({
      entryFileNames: 'js/[name].[hash].js',
      chunkFileNames: 'js/parts/[name].[hash].js',
      assetFileNames: 'media/[name].[hash][extname]',
    }),
  },
  { name: 'scripts in the root', config: build({ assetsDir: '' }) },
  {
    name: 'chunkImportMap',
    majors: [8],
    config: build({ chunkImportMap: true } as UserConfig['build']),
    exceptions: PRELOADED_BY_NAME,
  },
  {
    name: 'chunkImportMap, base ./',
    majors: [8],
    pages: single,
    config: () => ({ base: './', build: { chunkImportMap: true } as NonNullable<UserConfig['build']> }),
    mount: '/some/where/',
    exceptions: PRELOADED_BY_NAME,
  },
  {
    name: 'an import map of its own',
    files: {
      'index.html': page(
        'Index',
        `<script type="importmap">{ "imports": { "outside": "/vendor/outside.js" } }</script>
  <script type="module" src="/src/main.js"></script>
  <script type="module" src="/src/outside.js"></script>`,
      ),
      'src/outside.js': `import { name } from 'outside'\nmark(name)\n`,
      'public/vendor/outside.js': `export const name = 'outside'\n`,
    },
    pages: { 'index.html': [...INDEX_MARKS, 'outside'] },
    config: () => ({ build: { rollupOptions: { external: ['outside'] } } }),
  },
  {
    name: 'legacy, the modern bundle',
    config: build({ modulePreload: false }),
    before: ({ legacy }) =>
      legacy({ polyfills: ['es.promise'], modernPolyfills: ['es.array.at'] }) as Plugin[],
    tells: SYSTEM_JS,
  },
  {
    // Without modern chunks Vite 6 and 7 emit no workers.
    name: 'legacy alone',
    ...WITHOUT_WORKER,
    before: ({ legacy }) => legacy({ polyfills: ['es.promise'], renderModernChunks: false }) as Plugin[],
    tells: SYSTEM_JS,
  },
  {
    name: 'singlefile, listed behind',
    pages: single,
    // The configuration that it recommends is that of Vite 8 alone.
    config: ({ major }) =>
      ({
        build: {
          assetsInlineLimit: () => true,
          cssCodeSplit: false,
          rollupOptions: { output: major === 8 ? { codeSplitting: false } : { inlineDynamicImports: true } },
        },
      }) as UserConfig,
    after: () => [viteSingleFile({ useRecommendedBuildConfig: false }) as Plugin],
  },
  { name: 'workers', files: WORKER_FILES, pages: { 'index.html': WORKER_MARKS } },
  {
    name: 'wasm',
    files: WASM_FILES,
    pages: { 'index.html': WASM_MARKS },
    options: { directives: { 'script-src': ["'wasm-unsafe-eval'"] } },
  },
  {
    name: 'import.meta.glob',
    files: {
      'src/main.js': `
mark('entry')
for (const load of Object.values(import.meta.glob('./parts/*.js'))) load().then(({ name }) => mark(name))
for (const { name } of Object.values(import.meta.glob('./eager/*.js', { eager: true }))) mark(name)
`,
      'src/parts/one.js': `export const name = 'one'\n`,
      'src/parts/two.js': `import './two.css'\nexport const name = 'two'\n`,
      'src/parts/two.css': '.lazy { color: rgb(0, 2, 0) }\n',
      'src/eager/three.js': `export const name = 'three'\n`,
    },
    pages: { 'index.html': ['inline', 'entry', 'one', 'two', 'three'] },
  },
  {
    name: 'public scripts, styles and pages',
    files: PUBLIC_FILES,
    pages: { 'index.html': PUBLIC_MARKS, 'public-page.html': PUBLIC_PAGE_MARKS },
  },
]
