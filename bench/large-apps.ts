import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { App } from './apps.ts'
import { makeFolder } from './files.ts'
import { run } from './install.ts'
import { CACHE } from './places.ts'

/** Versions are exact: what is measured stays the same. */
const PACKAGES = {
  '@emotion/react': '11.14.0',
  '@emotion/styled': '11.14.1',
  '@mui/icons-material': '9.5.0',
  '@mui/material': '9.5.0',
  mermaid: '12.3.0',
  'monaco-editor': '0.57.0',
  'pdfjs-dist': '6.5.438',
  three: '0.187.0',
} as const

const FOLDER = join(CACHE, 'large')

/** Installs the libraries of the large apps into the cache, when one of those apps is first asked for. */
function installLibraries(): void {
  const manifest = JSON.stringify({ private: true, dependencies: PACKAGES }, undefined, 2)
  const file = join(FOLDER, 'package.json')
  const installed = join(FOLDER, 'node_modules/.package-lock.json')
  if (existsSync(installed) && existsSync(file) && readFileSync(file, 'utf8') === manifest) return
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(file, manifest)
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error']
  run('npm', ['install', '--ignore-scripts', '--legacy-peer-deps', '--omit=optional', ...quiet], FOLDER)
}

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Large</title>
<script>document.documentElement.dataset.theme = localStorage.theme ?? 'light'</script>
</head>
<body>
<div id="root"></div>
<script type="module" src="/src/main.js"></script>
</body>
</html>
`

/** The entries of the apps: each uses its library as its documentation shows, and all of it where that is usual. */
const MAINS = {
  monaco: `import * as monaco from 'monaco-editor'
import EditorWorker from 'monaco-editor/editor/editor.worker?worker'
self.MonacoEnvironment = { getWorker: () => new EditorWorker() }
monaco.editor.create(document.getElementById('root'), { value: 'let a = 1', language: 'typescript' })
`,
  mui: `import { createElement as h } from 'react'
import { createRoot } from 'react-dom/client'
import * as material from '@mui/material'
import * as icons from '@mui/icons-material'
const all = Object.keys(icons).map((name) => h(icons[name], { key: name }))
createRoot(document.getElementById('root')).render(h(material.Container, null, h(material.Button, null, 'Go'), all))
`,
  three: `import * as THREE from 'three'
const loaders = import.meta.glob('../../node_modules/three/examples/jsm/{loaders,controls,exporters,postprocessing}/*.js')
document.getElementById('root').textContent = THREE.REVISION
for (const load of Object.values(loaders)) load().then((module) => console.log(Object.keys(module)))
`,
  mermaid: `import mermaid from 'mermaid'
mermaid.initialize({ startOnLoad: false })
mermaid.render('a', 'graph TD; A-->B').then(({ svg }) => (document.getElementById('root').innerHTML = svg))
`,
  pdfjs: `import * as pdfjs from 'pdfjs-dist'
import worker from 'pdfjs-dist/build/pdf.worker.mjs?url'
pdfjs.GlobalWorkerOptions.workerSrc = worker
pdfjs.getDocument('/a.pdf').promise.then((file) => (document.getElementById('root').textContent = file.numPages))
`,
} as const

export type LargeApp = keyof typeof MAINS

/** An app around a large library, as an app of that library is built. */
export function largeApp(name: LargeApp): App {
  installLibraries()
  const folder = join(FOLDER, name)
  const files = new Map([
    ['index.html', PAGE],
    ['src/main.js', MAINS[name]],
  ])
  makeFolder(folder, JSON.stringify([...files]), () => files)
  return { name, folder, imports: '', plugins: '', settings: '' }
}
