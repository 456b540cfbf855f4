import { gzipSync } from 'node:zlib'
import type { DirectoryResult } from '../../src/directory.ts'
import { page } from '../directory/temporary-site.ts'

const COUNT = 240
export const numberOf = (n: number): string => String(n).padStart(3, '0')

/** Pages that share files and faults, each first met at another page. */
function pageOf(n: number): string {
  const scripts = [`<script type="module" src="/assets/app${n % 7}.js"></script>`]
  if (n % 11 === 3) scripts.push('<script src="/assets/plain.js"></script>')
  if (n % 17 === 5) scripts.push(`<script src="/assets/plain${n % 3}.js" data-n="${n}"></script>`)
  if (n % 29 === 7) scripts.push('<div style="color: red" onclick="go()">x</div>')
  return page(`<title>${n}</title>${scripts.join('')}`, `<script>page(${n % 13})</script><p>é ${n}</p>`)
}

export const FAULTY_SITE: Readonly<Record<string, string | Uint8Array>> = {
  ...Object.fromEntries(
    Array.from({ length: COUNT }, (_, n) => [`p${numberOf(n)}/index.html`, pageOf(n)] as const),
  ),
  'p120/index.html.gz': gzipSync(pageOf(120)),
  'assets/app0.js': 'import "./gone0.js"; import "./dep.js"',
  'assets/app1.js': 'let = = syntax',
  'assets/app2.js': 'import("./dep.js"); eval("1")',
  'assets/app3.js': 'import "./gone3.js"; import "./app1.js"',
  'assets/app4.js': 'fetch("https://api.example/x")',
  'assets/app5.js': 'import "./app0.js"; document.write("<p>")',
  'assets/app6.js': 'new Function("a")',
  'assets/dep.js': '1',
  'assets/plain.js': '2',
  'assets/plain0.js': '3',
  'assets/plain1.js': '4',
  'assets/plain2.js': '5',
}

/** A result as it can be compared. */
export const plain = (result: DirectoryResult): unknown =>
  JSON.parse(JSON.stringify({ ...result, directory: undefined }))
