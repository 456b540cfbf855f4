import type { InlineConfig } from 'vite'
import type { Options } from '../../../src/index.ts'

/** A site in which something would break without a word, what is told of it, and what is right once that is obeyed. */
export interface Case {
  readonly name: string
  readonly files: Readonly<Record<string, string>>
  /** Built with Vite, with this configuration. Without one the files are a finished site, for the command. */
  readonly config?: InlineConfig
  readonly options?: Options
  /** Codes that are told at first. */
  readonly told: readonly string[]
  /** What one of the messages says to write. `undefined`: the site runs as it is. */
  readonly remedy?: Options
  /** In the page, once it is obeyed. */
  readonly text?: string
  /** Scripts that then run. */
  readonly ran?: readonly string[]
  /** What other origins answer with. */
  readonly answers?: Readonly<Record<string, string>>
}

const page = (head = '', body = '<script type="module" src="/src/main.js"></script>') =>
  `<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>Case</title><link rel="icon" href="data:,">${head}</head>\n<body><p id="out">not yet</p>${body}</body>\n</html>\n`

const app = (main: string, head?: string): Case['files'] => ({
  'index.html': page(head),
  'src/main.js': main,
})

const RUNS = "document.querySelector('#out').textContent = 'app runs'\n"
const LOAD =
  "const load = (src) => { const s = document.createElement('script'); s.src = src; document.head.append(s) }\n"

/** A page with a worker, which reports what it was refused and what it did. */
const worker = (start: string, code: string, imports = ''): Case['files'] => ({
  ...app(
    `${imports}const w = ${start}\nw.onmessage = ({ data }) => (data.refused ? globalThis.violations.push(data.refused) : globalThis.ran.push(String(data)))\n`,
  ),
  'src/worker.js': `addEventListener('securitypolicyviolation', (e) => postMessage({ refused: e.effectiveDirective }))\n${code}\n`,
})
const EVALUATES = "const text = ['1', '2'].join('+')\npostMessage((0, eval)(text))"

export const CASES: readonly Case[] = [
  {
    name: 'an import map that leads to another origin',
    files: app(
      "import x from 'confetti'\ndocument.querySelector('#out').textContent = x\n",
      '<script type="importmap">{ "imports": { "confetti": "https://esm.example/confetti@1" } }</script>',
    ),
    config: { build: { rollupOptions: { external: ['confetti'] } } },
    told: ['import-unlisted'],
    remedy: { external: { 'https://esm.example': true } },
    answers: { 'https://esm.example/confetti@1': "export default 'confetti runs'" },
    text: 'confetti runs',
  },
  {
    name: 'an inline module that imports from a CDN whose origin is open to all',
    files: {
      'index.html': page(
        '',
        '<script type="module">import x from "https://cdn.jsdelivr.net/npm/x@1/+esm"; document.querySelector("#out").textContent = x</script>',
      ),
    },
    told: ['import-unlisted'],
    remedy: { external: { 'https://cdn.jsdelivr.net/npm/x@1/': true } },
    answers: { 'https://cdn.jsdelivr.net/npm/x@1/+esm': "export default 'x runs'" },
    text: 'x runs',
  },
  {
    name: "inline modules that import by names of the page's own import map",
    files: {
      'index.html': page(
        '<script type="importmap">{ "imports": { "app": "./js/app.js" } }</script>',
        '<script type="module">import "app"</script>',
      ),
      'js/app.js':
        "import('./lazy.js').then(({ text }) => { document.querySelector('#out').textContent = text })",
      'js/lazy.js': "export const text = 'lazy module ran'",
    },
    told: [],
    text: 'lazy module ran',
  },
  {
    name: 'a computed import that leaves its directory',
    files: {
      'index.html': page('', '<script type="module" src="/_astro/a.js"></script>'),
      '_astro/a.js': "const p = '/pagefind/'; import(`${p}pagefind.js`)",
      'pagefind/pagefind.js': "document.querySelector('#out').textContent = 'search runs'",
    },
    told: [],
    text: 'search runs',
  },
  {
    name: 'script elements with addresses of many shapes',
    files: app(
      `${LOAD}const config = { paths: { vs: 'https://cdn.example.com/npm/editor@1/min/vs' }, ...window.editorConfig }
const host = window.captchaHost ?? 'www.captcha.example'
load('https://accounts.example.com/gsi/client')
load(\`\${config.paths.vs}/loader.js\`)
load('//js.forms.example/forms/v2.js')
load(\`https://\${host}/recaptcha/api.js\`)
${RUNS}`,
    ),
    config: {},
    told: ['script-made'],
    remedy: {
      external: {
        'https://accounts.example.com': true,
        'https://cdn.example.com': true,
        'https://js.forms.example': true,
        'https://www.captcha.example': true,
      },
    },
    text: 'app runs',
    ran: [
      'https://accounts.example.com/gsi/client',
      'https://cdn.example.com/npm/editor@1/min/vs/loader.js',
      'https://js.forms.example/forms/v2.js',
      'https://www.captcha.example/recaptcha/api.js',
    ],
  },
  {
    name: 'a script that the host answers',
    files: app(`${LOAD}load('/_vercel/insights/script.js')\n${RUNS}`),
    config: {},
    told: ['script-made'],
    remedy: { external: { '/_vercel/insights/script.js': true } },
    text: 'app runs',
    ran: ['https://site.example/_vercel/insights/script.js'],
  },
  {
    name: 'a script of a CDN whose origin is open to all',
    files: app(`${LOAD}load('https://cdn.jsdelivr.net/npm/x@1/x.js')\n${RUNS}`),
    config: {},
    told: ['script-made'],
    remedy: { external: { 'https://cdn.jsdelivr.net/npm/x@1/': true } },
    ran: ['https://cdn.jsdelivr.net/npm/x@1/x.js'],
  },
  {
    name: 'a script of a public directory',
    files: {
      ...app(`${LOAD}load('/editor/editor.min.js')\n${RUNS}`),
      'public/editor/editor.min.js': "globalThis.ran.push('editor')",
    },
    config: {},
    told: ['script-made'],
    remedy: { external: { '/editor/': true } },
    ran: ['editor'],
  },
  {
    name: 'text that becomes code',
    files: app(
      `const make = { F: Function }; const A = Object.getPrototypeOf(async function () {}).constructor
new make.F('globalThis.ran.push("alias")')(); new A('globalThis.ran.push("async")')()
;(() => {}).constructor('globalThis.ran.push("constructor")')(); Function.apply(null, ['globalThis.ran.push("apply")'])()
${RUNS}`,
    ),
    config: {},
    told: ['eval-used'],
    remedy: { directives: { 'script-src': ["'unsafe-eval'"] } },
    text: 'app runs',
    ran: ['alias', 'apply', 'async', 'constructor'],
  },
  {
    name: 'a module from a blob',
    files: app(
      "const url = URL.createObjectURL(new Blob(['globalThis.ran.push(\"blob\")'], { type: 'text/javascript' }))\nimport(/* @vite-ignore */ url)\n",
    ),
    config: {},
    told: ['script-blob'],
    remedy: { directives: { 'script-src-elem': ['blob:'] } },
    ran: ['blob'],
  },
  {
    name: "a module from a blob, where 'strict-dynamic' lets nothing in by its address",
    files: app(
      "import(URL.createObjectURL(new Blob(['globalThis.ran.push(\"blob\")'], { type: 'text/javascript' })))\n",
    ),
    config: {},
    options: { scripts: 'dynamic' },
    told: ['script-blob'],
    remedy: { scripts: 'strict', directives: { 'script-src-elem': ['blob:'] } },
    ran: ['blob'],
  },
  {
    name: 'a classic script from a blob, and the image that is no script',
    files: app(
      `const url = URL.createObjectURL(new Blob(['globalThis.ran.push("element")']))
const s = document.createElement('script'); s.src = url; document.head.append(s)
${RUNS}`,
    ),
    config: {},
    told: ['script-blob'],
    remedy: { directives: { 'script-src-elem': ['blob:'] } },
    ran: ['element'],
  },
  {
    name: 'a worker in a file that evaluates text, which a meta does not reach',
    files: worker("new Worker(new URL('./worker.js', import.meta.url))", EVALUATES),
    config: {},
    told: [],
    ran: ['3'],
  },
  {
    name: 'the same worker under a header',
    files: worker("new Worker(new URL('./worker.js', import.meta.url))", EVALUATES),
    config: {},
    options: { output: 'netlify' },
    told: ['eval-used'],
    remedy: { directives: { 'script-src': ["'unsafe-eval'"] } },
    ran: ['3'],
  },
  {
    name: 'a worker that is made of a text, which has the policy of its page',
    files: worker('new Inline()', EVALUATES, "import Inline from './worker.js?worker&inline'\n"),
    config: {},
    told: ['eval-used'],
    remedy: { directives: { 'script-src': ["'unsafe-eval'"] } },
    ran: ['3'],
  },
  {
    name: 'a worker that loads a script from a blob, under a header',
    files: worker(
      "new Worker(new URL('./worker.js', import.meta.url))",
      "try { importScripts(URL.createObjectURL(new Blob(['postMessage(\"blob\")'], { type: 'text/javascript' }))) } catch (error) { postMessage({ refused: error.name }) }",
    ),
    config: {},
    options: { output: 'netlify' },
    told: ['script-blob'],
    remedy: { directives: { 'script-src-elem': ['blob:'] } },
    ran: ['blob'],
  },
  {
    name: 'an inline script that the page keeps as data',
    files: {
      'index.html': page(
        '<script>(self.__next_s = self.__next_s || []).push([0, { "children": "globalThis.ran.push(\\"kept\\")", "id": "theme" }])</script><script defer src="/assets/runtime.js"></script>',
        '',
      ),
      'assets/runtime.js':
        "for (const [, { children }] of self.__next_s) { const script = document.createElement('script'); script.textContent = children; document.head.append(script) }",
    },
    told: [],
    ran: ['kept'],
  },
  {
    name: 'a file that is another one by the time it is served',
    files: {
      'index.html': page('', '<script src="/env.js"></script>'),
      'env.js': 'globalThis.ran.push("built")',
    },
    options: { external: { '/env.js': true } },
    told: [],
    ran: ['built'],
  },
  {
    name: 'a tag with a query',
    files: { 'index.html': page('', '<script src="https://a.example/x.js?v=1"></script>') },
    told: ['external-unlisted'],
    remedy: { external: { 'https://a.example': true } },
    ran: ['https://a.example/x.js'],
  },
]
