/**
 * The app that every fixture builds. Each part says that it ran, so a part that a policy, a pin or a wrong URL keeps
 * out is missing from the list, and one that runs twice is in it twice.
 */
export type Files = Readonly<Record<string, string>>

/** The first script of every page: it keeps the marks and tells them to the page that frames this one. */
export const MARKER = `window.marks = []
  window.refused = []
  window.mark = (name) => marks.push(name)
  addEventListener('securitypolicyviolation', (e) => refused.push(e.effectiveDirective + ' ' + e.blockedURI + ' ' + e.sample))
  addEventListener('error', (e) => refused.push('error ' + e.message))
  window.until = (test, name) => (test() ? mark(name) : setTimeout(until, 20, test, name))
  window.colorOf = (selector) => getComputedStyle(document.querySelector(selector)).color
  const colors = () => [...document.querySelectorAll('p')].map((p) => getComputedStyle(p).color)
  if (parent !== window) setInterval(() => parent.postMessage({ marks, refused, colors: colors() }, '*'), 50)
  mark('inline')`

export function page(title: string, head: string, body = ''): string {
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>${title}</title>
  <script>${MARKER}</script>
  ${head}
</head>
<body>
  <p class="main">main</p>
  <p class="lazy">lazy</p>
  ${body}
</body>
</html>
`
}

const lazyParts = `
import('./lazy.js').then(({ name }) => { mark(name); until(() => colorOf('.lazy') === 'rgb(0, 2, 0)', 'lazy-css') })
import('./alone.js').then(({ name }) => mark(name))
`

export const APP: Files = {
  'index.html': page('Index', '<script type="module" src="/src/main.js"></script>'),
  'nested/page.html': page('Nested', '<script type="module" src="/src/page.js"></script>'),
  'src/main.js': `
import { shared } from './shared.js'
import './main.css'
mark('entry')
mark(shared())
until(() => colorOf('.main') === 'rgb(0, 1, 0)', 'main-css')
${lazyParts}
const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })
worker.onmessage = ({ data }) => mark(data)
`,
  'src/page.js': `
import { shared } from './shared.js'
mark('page')
mark(shared())
${lazyParts}
`,
  'src/shared.js': `export function shared() { return 'shared' }\n`,
  'src/main.css': '.main { color: rgb(0, 1, 0) }\n',
  'src/lazy.js': `
import './lazy.css'
import { shared } from './shared.js'
export const name = shared() && 'lazy'
`,
  'src/lazy.css': '.lazy { color: rgb(0, 2, 0) }\n',
  'src/alone.js': `export const name = 'alone'\n`,
  'src/worker.js': `import { name } from './worker-part.js'\npostMessage(name)\n`,
  'src/worker-part.js': `export const name = 'worker'\n`,
}

const LAZY = ['lazy', 'lazy-css', 'alone']

/** What each page of the app says when all of it runs. */
export const INDEX_MARKS = ['inline', 'entry', 'shared', 'main-css', ...LAZY, 'worker']
export const NESTED_MARKS = ['inline', 'page', 'shared', ...LAZY]
export const MARKS: Readonly<Record<string, readonly string[]>> = {
  'index.html': INDEX_MARKS,
  'nested/page.html': NESTED_MARKS,
}
