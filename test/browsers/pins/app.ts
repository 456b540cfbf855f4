import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { build } from 'vite'
import { cspHashes } from '../../../src/index.ts'
import { writeTree } from '../../support/files.ts'

const FONTS = join(
  dirname(createRequire(import.meta.url).resolve('vitepress/package.json')),
  'dist/client/theme-default/fonts',
)
const font = (style: string): Buffer => readFileSync(join(FONTS, `inter-${style}-latin.woff2`))

/** A module that exports `value`, which gives a constant. */
const wasm = (value: number): Buffer =>
  Buffer.from(
    `0061736d010000000105016000017f03020100070901057661
6c756500000a0601040041${value.toString(16).padStart(2, '0')}0b`.replace('\n', ''),
    'hex',
  )
const svg = (width: number): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="9"><rect width="9" height="9"/></svg>`

/** Every way in which a page may come back to a chunk that its import map pins, as a function body. */
export const WAYS = {
  sameModule: ['`import()` again, by the same module', `loadLazy()`],
  inlineScript: ['by an inline script', `byInline()`],
  classicScript: ['by a classic script', `byClassic()`],
  otherModule: ['by a static import of another chunk', `byOther()`],
  element: [
    'by a `<script type=module>` that a script adds',
    `document.head.append(Object.assign(document.createElement('script'), { type: 'module', src: lazyUrl }))`,
  ],
  preload: [
    'by a `<link rel=modulepreload>` that a script adds, then `import()`',
    `document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href: lazyUrl })); setTimeout(loadLazy, 300)`,
  ],
  handler: ['by a handler in an attribute', `document.querySelector('#in-attribute').click()`],
  evaluated: ['by `eval`', `(0, eval)("import('/assets/lazy.js')")`],
  constructed: ['by `new Function`', `new Function("return import('/assets/lazy.js')")()`],
  timer: ['by a timer with text', `setTimeout("import('/assets/lazy.js')")`],
  query: ['with a query, by `import()`', `byQuery()`],
  classicTag: [
    'with a query, by a `<script>` that a script adds',
    `document.head.append(Object.assign(document.createElement('script'), { src: lazyUrl + '?again' }))`,
  ],
  injected: [
    'with a query, by injected markup',
    `document.write('<script src="/assets/lazy.js?again"></' + 'script>')`,
  ],
  frame: [
    'by a script in an `<iframe srcdoc>`, which has no import map',
    `document.body.append(Object.assign(document.createElement('iframe'), { srcdoc: '<script type=module src=/assets/lazy.js></' + 'script>' }))`,
  ],
  worker: ['by a worker', `new Worker('/assets/lazy.js')`],
} as const

const PAGE = `<!doctype html>
<html><head><meta charset="utf-8"><title>Pins</title><link rel="icon" href="data:,">
<script>
var lazyUrl = '/assets/lazy.js'
function byInline() { return LOAD_LAZY }
</script>
<script src="/classic.js"></script>
<link rel="stylesheet" href="/src/page.css">
<script type="module" src="/src/main.js"></script>
</head><body><p style="position:absolute;font:40px tested">fjtykQ</p>
<button id="in-attribute" onclick="LOAD_LAZY">handler</button>
${Object.keys(WAYS)
  .map((id) => `<button id="${id}" onclick="ways.${id}()">${id}</button>`)
  .join('\n')}
</body></html>
`

const MAIN = `import { title } from './title.js'
globalThis.title = title
globalThis.loadLazy = () => import('./lazy.js')
globalThis.byOther = () => import('./other.js')
// The name is hidden, since Vite would drop the query.
globalThis.byQuery = (at = lazyUrl + '?again') => import(/* @vite-ignore */ at)
globalThis.ways = { ${Object.entries(WAYS)
  .map(([id, [, code]]) => `${id}() { ${code} }`)
  .join(',\n')} }
const settled = [
  loadLazy(),
  import('./styled.js'),
  new Promise((done, failed) => {
    const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })
    worker.onmessage = done
    worker.onerror = failed
  }),
  navigator.serviceWorker?.register('/sw.js'),
  fetch('/code.wasm').then((r) => r.arrayBuffer()).then((bytes) => WebAssembly.instantiate(bytes))
    .then(({ instance }) => { if (instance.exports.value() === 7) void fetch('/changed') }),
  fetch('/data.json').then((r) => r.json()).then(({ value }) => { if (value === 7) void fetch('/changed') }),
  document.fonts.load('40px tested', 'm'),
]
Promise.allSettled(settled).then(() => { document.body.dataset.done = 'yes' })
`

/** A Vite build with a file of every kind. */
export async function buildApp(root: string, outDir: string): Promise<void> {
  writeTree(root, {
    'index.html': PAGE,
    'src/main.js': MAIN,
    'src/title.js': `export const title = 'Pins'`,
    'src/lazy.js': `export const lazy = true`,
    'src/other.js': `export * from './lazy.js'`,
    'src/styled.js': `import './styled.css'`,
    'src/styled.css': `:root { --styled: yes }`,
    'src/page.css': `@font-face { font-family: tested; src: url(/font.woff2) } :root { --page: yes }
body { background: url(/picture.svg) }`,
    'src/worker.js': `postMessage('ready')`,
    'public/classic.js': `function byClassic() { return import('/assets/lazy.js') }`,
    'public/sw.js': `addEventListener('install', () => skipWaiting())`,
    'public/code.wasm': wasm(42),
    'public/data.json': '{"value":42}',
    'public/picture.svg': svg(42),
    'public/font.woff2': font('roman'),
  })
  const name = 'assets/[name].js'
  await build({
    root,
    configFile: false,
    logLevel: 'silent',
    build: {
      outDir,
      assetsInlineLimit: 0,
      rolldownOptions: {
        output: {
          entryFileNames: name,
          chunkFileNames: name,
          assetFileNames: 'assets/[name][extname]',
          codeSplitting: { groups: [{ name: 'title', test: /title\.js$/ }] },
        },
      },
    },
    plugins: [
      {
        // Vite would put a copy of the file into the build.
        name: 'inline-imports',
        transformIndexHtml: {
          order: 'post',
          handler: (html) => html.replaceAll('LOAD_LAZY', `import('/assets/lazy.js')`),
        },
      },
      cspHashes({
        unsafeHashes: true,
        directives: { 'script-src': ["'unsafe-eval'", "'wasm-unsafe-eval'"] },
      }),
    ],
  })
}

/** What is changed, and by what one sees that the change took effect. */
export interface Kind {
  readonly what: string
  readonly file: RegExp
  /** @default code that asks the server for `/changed` */
  readonly change?: (bytes: Buffer) => Buffer
  /** @default a request for `/changed` */
  readonly took?: string
  readonly pinned: boolean
}

const restyled = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.from(':root{--changed:yes}')])
const RESTYLED = `getComputedStyle(document.documentElement).getPropertyValue('--changed') !== ''`
const PICTURE = `new Promise((done) => { const i = new Image(); i.onload = () => done(i.naturalWidth === 7); i.src = '/picture.svg' })`
/** The width of a text in the page's font. */
export const WIDTH = `document.querySelector('p').getBoundingClientRect().width`

export const KINDS: readonly Kind[] = [
  { what: 'entry', file: /^assets\/index\.js$/, pinned: true },
  { what: 'chunk, imported by the entry', file: /^assets\/title\.js$/, pinned: true },
  { what: 'chunk, imported when it is needed', file: /^assets\/lazy\.js$/, pinned: true },
  { what: 'classic script of a tag', file: /^classic\.js$/, pinned: true },
  {
    what: 'stylesheet of a tag',
    file: /^assets\/index\.css$/,
    change: restyled,
    took: RESTYLED,
    pinned: true,
  },
  {
    what: 'stylesheet of a chunk',
    file: /^assets\/styled\.css$/,
    change: restyled,
    took: RESTYLED,
    pinned: true,
  },
  { what: 'worker', file: /^assets\/worker.*\.js$/, pinned: false },
  { what: 'service worker', file: /^sw\.js$/, pinned: false },
  { what: 'WebAssembly, which is code', file: /^code\.wasm$/, change: () => wasm(7), pinned: false },
  { what: 'JSON', file: /^data\.json$/, change: () => Buffer.from('{"value":7}'), pinned: false },
  { what: 'image', file: /^picture\.svg$/, change: () => Buffer.from(svg(7)), took: PICTURE, pinned: false },
  {
    what: 'font',
    file: /^font\.woff2$/,
    change: () => font('italic'),
    took: `${WIDTH} !== WIDTH_BEFORE`,
    pinned: false,
  },
]
