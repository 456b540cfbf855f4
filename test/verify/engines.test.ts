import { describe, expect, it } from 'vitest'
import { verifySite, type Engine } from '../../src/verify/index.ts'
import { importMapOf, memorySite, quoted, sri } from './sites.ts'

const files = {
  'entry.js': 'import "./dep.js"; import("./lazy.js")',
  'dep.js': 'export {}',
  'lazy.js': 'import "./lazydep.js"',
  'lazydep.js': 'export {}',
}

const map = importMapOf(files, Object.keys(files))
const every = Object.values(files)
  .map((text) => quoted(text))
  .join(' ')
const dynamic = "'strict-dynamic' https: 'unsafe-inline'"
const mapTag = `<script type="importmap">${map}</script>`
const entry = `<script type="module" src="/entry.js" integrity="${sri(files['entry.js'])}"></script>`
const preload = `<link rel="modulepreload" href="/dep.js" integrity="${sri(files['dep.js'])}">`
const importing = "import('/entry.js')"
const loader =
  "const s=document.createElement('script');s.type='module';s.src='/entry.js';document.head.append(s)"

interface Shape {
  readonly name: string
  readonly sources: string
  readonly head: string
  /** The engines in which something of the app does not run. */
  readonly broken: readonly Engine[]
}

/** The shapes that were measured in three engines. */
const shapes: readonly Shape[] = [
  {
    name: 'hash of the entry',
    sources: `${quoted(files['entry.js'])} ${dynamic}`,
    head: entry,
    broken: ['chromium', 'firefox'],
  },
  {
    name: 'every hash, no import map',
    sources: `${every} ${dynamic}`,
    head: entry,
    broken: ['chromium', 'firefox'],
  },
  {
    name: 'every hash, modulepreload',
    sources: `${every} ${dynamic}`,
    head: preload + entry,
    broken: ['chromium', 'firefox'],
  },
  {
    name: 'import map, hash of the entry',
    sources: `${quoted(files['entry.js'])} ${quoted(map)} ${dynamic}`,
    head: mapTag + entry,
    broken: ['chromium', 'firefox'],
  },
  {
    name: 'import map, every hash',
    sources: `${every} ${quoted(map)} ${dynamic}`,
    head: mapTag + entry,
    broken: [],
  },
  {
    name: 'import map, every hash, no strict-dynamic',
    sources: `${every} ${quoted(map)}`,
    head: mapTag + entry,
    broken: ['webkit'],
  },
  {
    name: 'inline import()',
    sources: `${quoted(importing)} ${dynamic}`,
    head: `<script>${importing}</script>`,
    broken: ['chromium', 'firefox'],
  },
  {
    name: 'inline loader',
    sources: `${quoted(loader)} ${dynamic}`,
    head: `<script>${loader}</script>`,
    broken: [],
  },
  {
    name: "'self'",
    sources: `'self' ${quoted(importing)}`,
    head: `<script>${importing}</script>${entry}`,
    broken: [],
  },
]

function refusedIn(sources: string, head: string): Set<Engine> {
  const meta = `<meta http-equiv="content-security-policy" content="script-src ${sources}">`
  const { refusals } = verifySite(memorySite({ ...files, 'index.html': `<head>${meta}${head}` }))
  return new Set(refusals.filter(({ effect }) => effect === 'refused').flatMap(({ engines }) => engines))
}

describe('a code-split app under the shapes of a policy', () => {
  it.each(shapes)('$name', ({ sources, head, broken }) => {
    expect([...refusedIn(sources, head)].toSorted()).toEqual(broken)
  })
})

it('with a modulepreload the lazy chunk alone is refused', () => {
  const meta = `<meta http-equiv="content-security-policy" content="script-src ${every} ${dynamic}">`
  const { refusals } = verifySite(memorySite({ ...files, 'index.html': `<head>${meta}${preload}${entry}` }))
  const codes = refusals.map(({ code, subject }) => `${code} ${subject}`)
  expect(codes).toContain('parser-inserted-import lazy.js')
  expect(codes).toContain('preload-dependent-import dep.js')
  expect(codes).not.toContain('parser-inserted-import dep.js')
})

it('a comma in a meta divides the policy, but not in Firefox', () => {
  const meta = `<meta http-equiv="content-security-policy" content="img-src 'none', script-src 'none'">`
  const { refusals } = verifySite(memorySite({ 'index.html': `<head>${meta}<script>go()</script>` }))
  const blocked = refusals.find(({ code }) => code === 'inline-script-blocked')
  expect(blocked?.engines).toEqual(['chromium', 'webkit'])
})

it('an import map pins and allows a module script that has no attribute', () => {
  const tag = '<script type="module" src="/dep.js"></script>'
  const json = importMapOf(files, ['dep.js'])
  const sources = `${quoted(json)} ${quoted(files['dep.js'])}`
  expect([...refusedIn(`${sources} ${dynamic}`, `<script type="importmap">${json}</script>${tag}`)]).toEqual(
    [],
  )
  expect([...refusedIn(sources, `<script type="importmap">${json}</script>${tag}`)]).toEqual([])
})

it('an import of a data: URL is refused by WebKit where only its hash is listed', () => {
  const url = 'data:text/javascript,export{}'
  const json = JSON.stringify({ integrity: { [url]: sri('export{}') } })
  const text = `import "${url}"`
  const head = `<script type="importmap">${json}</script><script type="module">${text}</script>`
  const sources = [json, text, 'export{}'].map((part) => quoted(part)).join(' ')
  expect([...refusedIn(sources, head)]).toEqual(['webkit'])
  expect([...refusedIn(`${sources} ${dynamic}`, head)]).toEqual([])
})

it("WebKit lets any module script of the page through 'strict-dynamic'", () => {
  expect([...refusedIn(dynamic, '<script type="module" src="/dep.js"></script>')]).toEqual([
    'chromium',
    'firefox',
  ])
  expect([...refusedIn(dynamic, '<script src="/dep.js"></script>')]).toEqual([
    'chromium',
    'firefox',
    'webkit',
  ])
})
