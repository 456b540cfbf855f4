import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Files, makeFolder } from './files.ts'
import { benchPage, IMAGE_NAMES } from './pages.ts'
import { CACHE, ROOT } from './places.ts'

/** An app that is built: its folder, and the lines of its configuration that are the same for every contestant. */
export interface App {
  readonly name: string
  readonly folder: string
  /** Import lines of the configuration. */
  readonly imports: string
  /** Plugins of the app itself, as they stand in the list. */
  readonly plugins: string
  /** Further settings of the configuration. */
  readonly settings: string
}

function sourcesOf(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => /^(?:index\.html$|src\/|public\/)/.test(name))
    .filter((name) => statSync(join(folder, name)).isFile())
  return new Map(names.toSorted().map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}

/** The React playground: a router, three lazy views, a worker. */
export function smallApp(): App {
  const folder = join(CACHE, 'apps/small')
  const sources = sourcesOf(join(ROOT, 'playground/react-spa'))
  makeFolder(folder, JSON.stringify([...sources]), () => sources)
  return {
    name: 'small',
    folder,
    imports: "import react from '@vitejs/plugin-react'",
    plugins: 'react()',
    settings: '',
  }
}

const CHUNKS_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Parts</title>
<script>document.documentElement.dataset.theme = localStorage.theme ?? 'light'</script>
</head>
<body>
<div id="root"></div>
<script type="module" src="/src/main.js"></script>
</body>
</html>
`

/** Renders its first part, which is lazy as all others are, and marks when that stands in the document. */
const CHUNKS_MAIN = `import { createElement, lazy, Suspense, useEffect } from 'react'
import { createRoot } from 'react-dom/client'
import './main.css'

const parts = import.meta.glob('./parts/*.js')
const wanted = Number(location.hash.slice(1)) || 0
const Part = lazy(parts[\`./parts/part-\${wanted}.js\`])

function Rendered({ children }) {
  useEffect(() => void performance.mark('rendered'), [])
  return children
}

createRoot(document.getElementById('root')).render(
  createElement(Suspense, null, createElement(Rendered, null, createElement(Part))),
)
`

/** A module as it is written: so many of them are an app of lazy parts. */
export function chunkFile(number: number): string {
  const rows = Array.from(
    { length: 24 },
    (_, i) => `  ['part ${number} row ${i}', ${(number * 7919 + i * 104_729) % 9973}],`,
  )
  const style = number % 10 === 1 ? `import './part-${number}.css'\n` : ''
  return `import { createElement } from 'react'
import { total } from '../total.js'
${style}
const rows = [
${rows.join('\n')}
]

export default function Part${number}() {
  return createElement(
    'table',
    { className: 'part-${number}' },
    createElement('caption', null, 'Part ${number}, ' + total(rows) + ' in all'),
    createElement(
      'tbody',
      null,
      rows.map(([name, value]) =>
        createElement('tr', { key: name }, createElement('td', null, name), createElement('td', null, value)),
      ),
    ),
  )
}
`
}

function chunksFiles(count: number): Files {
  const files = new Map([
    ['index.html', CHUNKS_PAGE],
    ['src/main.js', CHUNKS_MAIN],
    ['src/main.css', 'table { border-collapse: collapse }\n'],
    ['src/total.js', 'export const total = (rows) => rows.reduce((sum, [, value]) => sum + value, 0)\n'],
  ])
  for (let i = 0; i < count; i++) {
    files.set(`src/parts/part-${i}.js`, chunkFile(i))
    if (i % 10 === 1) files.set(`src/parts/part-${i}.css`, `.part-${i} td { padding: ${i % 17}px }\n`)
  }
  return files
}

/** An app of React with so many lazy chunks; every tenth brings a stylesheet. */
export function chunksApp(count: number): App {
  const folder = join(CACHE, `apps/chunks-${count}`)
  const files = chunksFiles(count)
  makeFolder(folder, JSON.stringify([...files]), () => files)
  return { name: `chunks-${count}`, folder, imports: '', plugins: '', settings: '' }
}

const PAGE_HEAD = `<script>document.documentElement.dataset.theme = localStorage.theme ?? 'light'</script>
<link rel="stylesheet" href="/src/main.css">
<script type="module" src="/src/main.js"></script>`

function pagesFiles(count: number): Files {
  const files = new Map([
    ['src/main.css', 'main { max-width: 60rem }\n'],
    [
      'src/main.js',
      "import { mark } from './mark.js'\nmark(document.title)\nimport('./search.js').then(({ search }) => search())\n",
    ],
    ['src/mark.js', 'export const mark = (name) => performance.mark(name)\n'],
    ['src/search.js', "export const search = () => document.querySelectorAll('h2').length\n"],
  ])
  for (const name of IMAGE_NAMES) files.set(`public/img/${name}.png`, name)
  for (let i = 0; i < count; i++) {
    const { path, html } = benchPage(i, PAGE_HEAD)
    files.set(path, html)
  }
  return files
}

/** A site of so many HTML pages, each an input of the build. */
export function pagesApp(count: number): App {
  const folder = join(CACHE, `apps/pages-${count}`)
  const files = pagesFiles(count)
  makeFolder(folder, JSON.stringify([...files]), () => files)
  return {
    name: `pages-${count}`,
    folder,
    imports: '',
    plugins: '',
    settings: `build: { rolldownOptions: { input: Array.from({ length: ${count} }, (_, i) => \`docs/\${i}/index.html\`) } }`,
  }
}
