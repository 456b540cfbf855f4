import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const MOST_LINES = 300

/** A folder of `src`, or a file that stands in `src` itself, and what it may import. */
interface Layer {
  readonly name: string
  /** Layers, all of them further down, and folders inside the layer. */
  readonly layers: string
  /** Packages and modules of Node. */
  readonly packages?: string
}

const CORE =
  'core/violations core/page core/rules core/needs core/graph core/csp core/html core/findings core/text core/site bounded'
const CHECKS = 'verify verify/hosts'

/**
 * The layers, from the top down: a layer imports from those below it that its row names. `node:*` stands for every
 * module of Node. The core is pure: it neither reads files nor knows Vite.
 */
const LAYERS: readonly Layer[] = [
  { name: 'index.ts', layers: `plugin.ts verify-site directory.ts options.ts outputs ${CORE}` },
  { name: 'cli.ts', layers: 'cli' },
  // For servers of the user's own, which need neither Vite nor a parser.
  { name: 'server.ts', layers: '' },
  {
    name: 'cli',
    layers: `cli/report try verify-site directory.ts directory summary.ts pipeline.ts options.ts options outputs files version.ts ${CORE}`,
    packages: 'node:* vite diff',
  },
  {
    name: 'cli/report',
    layers: `cli try verify-site directory.ts directory pipeline.ts options.ts options files ${CORE}`,
    packages: 'node:*',
  },
  {
    name: 'plugin.ts',
    layers: `plugin dev directory.ts summary.ts pipeline.ts options.ts outputs ${CORE}`,
    packages: 'node:path vite',
  },
  {
    name: 'plugin',
    layers: `dev try directory.ts summary.ts pipeline.ts own-result.ts options.ts outputs files verify/hosts ${CORE}`,
    packages: 'node:* vite',
  },
  // The command and the plugin have one way into a finished folder. What follows knows neither of them.
  { name: 'verify-site', layers: `files ${CHECKS}`, packages: 'node:* parse5' },
  { name: 'dev', layers: `summary.ts options.ts files ${CORE}`, packages: 'node:* vite' },
  { name: 'try', layers: `summary.ts files verify/hosts ${CORE}`, packages: 'node:*' },
  { name: 'directory.ts', layers: `directory pipeline.ts options.ts files ${CORE}`, packages: 'node:*' },
  {
    name: 'directory',
    layers: `pipeline.ts own-result.ts options.ts outputs files version.ts ${CORE}`,
    packages: 'node:*',
  },
  { name: 'summary.ts', layers: `pipeline.ts options ${CORE}` },
  // The oracle reads what the pipeline has made, before an adapter writes it.
  { name: 'own-result.ts', layers: 'verify core/findings' },
  { name: 'pipeline.ts', layers: `read-back.ts options.ts outputs ${CORE}` },
  { name: 'read-back.ts', layers: 'outputs verify/hosts' },
  { name: 'options.ts', layers: `options outputs ${CORE}` },
  { name: 'options', layers: `outputs ${CORE}` },
  {
    name: 'outputs',
    layers: `outputs/headers-file outputs/json-file ${CORE} bounded`,
    packages: 'node:path/posix jsonc-parser',
  },
  { name: 'outputs/headers-file', layers: `outputs ${CORE} bounded` },
  { name: 'outputs/json-file', layers: `outputs ${CORE} bounded`, packages: 'jsonc-parser' },
  { name: 'files', layers: CORE, packages: 'node:*' },
  { name: 'version.ts', layers: '', packages: 'node:*' },

  // The core.
  {
    name: 'core/violations',
    layers: 'core/rules core/needs core/csp core/html core/findings core/text core/site',
    packages: 'node:module',
  },
  {
    name: 'core/rules',
    layers: 'core/page core/needs core/graph core/csp core/html core/findings core/text core/site',
  },
  {
    name: 'core/page',
    layers: 'core/needs core/graph core/csp core/html core/findings core/text core/site bounded',
    packages: 'magic-string',
  },
  { name: 'core/needs', layers: 'core/csp core/html core/findings core/text core/site', packages: 'acorn' },
  {
    name: 'core/graph',
    layers: 'core/csp core/html core/findings core/text core/site bounded',
    packages: 'acorn es-module-lexer node:crypto node:module node:path/posix',
  },
  { name: 'core/csp', layers: 'core/findings core/text core/site', packages: 'csp_evaluator node:module' },
  { name: 'core/html', layers: 'core/html/fast core/text core/site', packages: 'parse5' },
  { name: 'core/html/fast', layers: 'core/html core/text core/site', packages: 'parse5' },
  { name: 'core/findings', layers: 'core/text core/site' },
  { name: 'core/text', layers: '' },
  { name: 'core/site', layers: '', packages: 'node:crypto' },

  // The oracle judges by rules of its own: it shares no code with what it judges.
  { name: 'verify', layers: 'verify/hosts bounded', packages: 'node:* parse5 acorn es-module-lexer' },
  { name: 'verify/hosts', layers: 'verify bounded', packages: 'node:* jsonc-parser' },

  // As a library would be: both sides of the wall around the oracle may use it.
  { name: 'bounded', layers: '' },
]

interface Import {
  readonly from: string
  /** A path inside `src`, or the name of a package. */
  readonly to: string
}

const NAMES = new Set(LAYERS.map(({ name }) => name))

const COMMENT = /\/\*[^]*?\*\/|^\s*\/\/.*$/gm

/** Every import of a file, those of types too: what a file names, its readers have to know. */
function importsOf(from: string, code: string): Import[] {
  const specifiers = code
    .replace(COMMENT, '')
    .matchAll(/(?:\bfrom|^import|\bimport\(|\brequire\()\s*'([^']+)'/gm)
  return [...specifiers].map(([, specifier = '']) => ({
    from,
    to: specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : specifier,
  }))
}

function layerOf(path: string): string | undefined {
  if (NAMES.has(path)) return path
  return NAMES.has(posix.dirname(path)) ? posix.dirname(path) : undefined
}

const isAllowed = (name: string, list: string): boolean =>
  list.split(' ').some((one) => one === name || (one.endsWith('*') && name.startsWith(one.slice(0, -1))))

const isFile = (to: string): boolean => to.endsWith('.ts')

function isForbidden({ from, to }: Import): boolean {
  const layer = LAYERS.find(({ name }) => name === layerOf(from))
  if (!layer) return true
  if (isFile(to)) return layerOf(to) !== layer.name && !isAllowed(layerOf(to) ?? to, layer.layers)
  const name = /^(?:@[^/]+\/)?[^/]+/.exec(to)?.[0] ?? to
  return !isAllowed(to, layer.packages ?? '') && !isAllowed(name, layer.packages ?? '')
}

const FILES = new Map(
  readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts'))
    .map((path) => [path, readFileSync(join(ROOT, 'src', path), 'utf8')]),
)

const IMPORTS = [...FILES].flatMap(([path, code]) => importsOf(path, code))

/** Files that lead back to themselves, each with the way there. */
function circles(): string[] {
  const done = new Set<string>()
  const found: string[] = []
  const visit = (path: string, way: readonly string[]): void => {
    if (way.includes(path)) found.push([...way.slice(way.indexOf(path)), path].join(' > '))
    if (way.includes(path) || done.has(path)) return
    for (const { to } of IMPORTS.filter(({ from, to }) => from === path && isFile(to)))
      visit(to, [...way, path])
    done.add(path)
  }
  for (const path of FILES.keys()) visit(path, [])
  return found
}

const PLANTED = LAYERS.flatMap(({ name: from }) =>
  LAYERS.filter(({ name }) => name !== from).map(({ name: to }) => ({ from, to })),
)

describe('the layers of src', () => {
  it.each(LAYERS)('$name imports nothing but what its row names', ({ name }) => {
    expect(IMPORTS.filter((one) => layerOf(one.from) === name && isForbidden(one))).toEqual([])
  })

  it('have a row for every file', () => {
    expect([...FILES.keys()].filter((path) => layerOf(path) === undefined)).toEqual([])
    const used = new Set([...FILES.keys()].map(layerOf))
    expect(LAYERS.filter(({ name }) => !used.has(name))).toEqual([])
  })

  it('go down only', () => {
    const upwards = LAYERS.flatMap(({ name, layers }, index) =>
      layers
        .split(' ')
        .filter((to) => to !== '' && LAYERS.findIndex((one) => one.name === to) <= index)
        // A folder inside another one is a part of it.
        .filter((to) => !name.startsWith(`${to}/`))
        .map((to) => `${name} > ${to}`),
    )
    expect(upwards).toEqual([])
  })

  it('let no import through that is planted between two of them', () => {
    const fileIn = (name: string): string => (isFile(name) ? name : `${name}/planted.ts`)
    for (const { from, to } of PLANTED) {
      const path = posix.relative(posix.dirname(fileIn(from)), fileIn(to))
      const [planted] = importsOf(
        fileIn(from),
        `import { x } from '${path.startsWith('.') ? path : `./${path}`}'\n`,
      )
      const allowed = isAllowed(to, LAYERS.find(({ name }) => name === from)!.layers)
      expect(planted && isForbidden(planted), `${from} > ${to}`).toBe(!allowed)
    }
    const impure = ['node:fs', 'node:fs/promises', 'vite', 'express'].flatMap((to) =>
      LAYERS.filter(({ name }) => name.startsWith('core/')).map(({ name }) => ({ from: fileIn(name), to })),
    )
    expect(impure.filter((one) => !isForbidden(one))).toEqual([])
  })
})

describe('the files of src', () => {
  it('do not import each other in a circle', () => {
    expect(circles()).toEqual([])
  })

  it(`have at most ${MOST_LINES} lines`, () => {
    const long = [...FILES].filter(([, code]) => code.trimEnd().split('\n').length > MOST_LINES)
    expect(long.map(([path]) => path)).toEqual([])
  })
})
