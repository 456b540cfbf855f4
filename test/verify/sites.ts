import { createHash } from 'node:crypto'
import type { VerifySite } from '../../src/verify/index.ts'

export type Files = Readonly<Record<string, string>>

export interface SiteOptions {
  readonly base?: string
  readonly origin?: string
  readonly headers?: readonly (readonly [string, string])[]
  readonly foreign?: Readonly<Record<string, string>>
}

export function memorySite(files: Files, options: SiteOptions = {}): VerifySite {
  const bytes = new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]))
  return {
    base: options.base ?? '/',
    ...(options.origin === undefined ? {} : { origin: options.origin }),
    pages: () => [...bytes.keys()].filter((path) => path.endsWith('.html')),
    read: (path) => bytes.get(path),
    headers: () => options.headers ?? [],
    foreign: (url) => {
      const text = options.foreign?.[url]
      return text === undefined ? undefined : Buffer.from(text)
    },
  }
}

export function sri(text: string, algorithm = 'sha384'): string {
  return `${algorithm}-${createHash(algorithm).update(text).digest('base64')}`
}

export function quoted(text: string, algorithm = 'sha384'): string {
  return `'${sri(text, algorithm)}'`
}

/** The files of a small split app, as a bundler would name them. `helper` is the part that links lazy files. */
export const helper =
  'const p=(f,d)=>{document.querySelector("meta[property=csp-nonce]");d.map(u=>{const l=document.createElement("link");l.integrity=pins[u];document.head.appendChild(l)});return f().catch(()=>new Event("vite:preloadError"))};'

export const app: Files = {
  'assets/entry.js': `const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["assets/lazy.js","assets/shared.js","assets/lazy.css"])))=>i.map(i=>d[i]);import{s}from"./dep.js";${helper}p(()=>import("./lazy.js"),__vite__mapDeps([0,1,2]));p(()=>import(\`./alone.js\`),[]);new Worker(new URL("/assets/worker.js",import.meta.url),{type:"module"});console.log(s)`,
  'assets/dep.js': 'export const s=1',
  'assets/lazy.js': 'import{t}from"./shared.js";export default t',
  'assets/shared.js': 'export const t=2',
  'assets/alone.js': 'export default 3',
  'assets/worker.js': 'import"./worker-dep.js";postMessage(1)',
  'assets/worker-dep.js': 'export const w=1',
  'assets/main.css': 'a{color:red}',
  'assets/lazy.css': 'b{color:blue}',
}

const pinnedByMap = [
  'assets/entry.js',
  'assets/dep.js',
  'assets/lazy.js',
  'assets/shared.js',
  'assets/alone.js',
  'assets/lazy.css',
]

export function importMapOf(files: Files, paths: readonly string[] = pinnedByMap, prefix = '/'): string {
  return JSON.stringify({
    integrity: Object.fromEntries(paths.map((path) => [prefix + path, sri(files[path] ?? '')])),
  })
}

export const inline = 'document.documentElement.dataset.theme="dark"'

export interface PageParts {
  readonly files?: Files
  readonly metas: readonly string[]
  readonly map?: string
  readonly head?: string
  readonly body?: string
}

export function metaOf(policy: string): string {
  return `<meta http-equiv="Content-Security-Policy" content="${policy}">`
}

/** A page that loads the app, with every pin. */
export function appPage({
  files = app,
  metas,
  map = importMapOf(files),
  head = '',
  body = '',
}: PageParts): string {
  const tag = (path: string) => `crossorigin integrity="${sri(files[path] ?? '')}"`
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
${metas.map(metaOf).join('\n')}
<script type="importmap">${map}</script>
<title>App</title>
<script>${inline}</script>
<script type="module" src="/assets/entry.js" ${tag('assets/entry.js')}></script>
<link rel="modulepreload" href="/assets/dep.js" ${tag('assets/dep.js')}>
<link rel="stylesheet" href="/assets/main.css" ${tag('assets/main.css')}>
${head}
</head>
<body>${body}<div id="app"></div></body>
</html>
`
}

const guards = "object-src 'none'; base-uri 'none'"
export const fence = "script-src-elem 'self' 'unsafe-inline'"

export function strictPolicy(inlineTexts: readonly string[]): string {
  const hashes = inlineTexts.map((text) => quoted(text)).join(' ')
  return `script-src ${hashes} 'strict-dynamic' https: 'unsafe-inline'; script-src-elem ${hashes} https://*:*/assets/ *:*/assets/ localhost:*/assets/; ${guards}`
}

export function dynamicPolicy(inlineTexts: readonly string[], files: Files = app): string {
  const chunks = pinnedByMap.filter((path) => path.endsWith('.js')).map((path) => files[path] ?? '')
  const hashes = [...inlineTexts, ...chunks].map((text) => quoted(text)).join(' ')
  return `script-src ${hashes} 'strict-dynamic' https: 'unsafe-inline'; ${guards}`
}

export function strictFiles(parts: Partial<PageParts> = {}): Files {
  const map = parts.map ?? importMapOf(parts.files ?? app)
  const metas = [strictPolicy([map, inline]), fence]
  return { ...app, ...parts.files, 'index.html': appPage({ metas, map, ...parts }) }
}

export function dynamicFiles(parts: Partial<PageParts> = {}): Files {
  const map = parts.map ?? importMapOf(parts.files ?? app)
  const metas = [dynamicPolicy([map, inline], { ...app, ...parts.files })]
  return { ...app, ...parts.files, 'index.html': appPage({ metas, map, ...parts }) }
}
