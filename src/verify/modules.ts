import { parse, type ImportSpecifier } from 'es-module-lexer/js'

export interface ModuleImport {
  readonly specifier: string
  readonly dynamic: boolean
  /** True if a `.catch(` directly follows the import: the script only probes what the browser supports. */
  readonly tried: boolean
  /** Preload list entries that Vite's preload helper links before a dynamic import. */
  readonly preloads: readonly string[]
}

export interface WorkerReference {
  readonly specifier: string
  /** `new URL("…", import.meta.url)` resolves against the file, a plain string against the document. */
  readonly relativeTo: 'file' | 'document'
}

/** The literal URLs that a script loads. */
export interface ScriptReferences {
  readonly imports: readonly ModuleImport[]
  /** Every entry of the preload list, whether or not an import uses it. */
  readonly preloadList: readonly string[]
  readonly workers: readonly WorkerReference[]
  /** Whether this file contains the preload helper, and whether the helper adds integrity to its links. */
  readonly preloadHelper: 'none' | 'plain' | 'pinning'
  readonly error: string | undefined
}

const preloadListPattern = /\.f\s*\|\|\s*\(\s*\w+\.f\s*=\s*(\[[^\]]*\])/
const preloadUsePattern = /__vite__mapDeps\(\[([\d,\s]*)\]\)/y
const workerPattern = /\bnew\s+(?:Shared)?Worker\(\s*((?:new\s+URL\(\s*)*)(["'`])((?:(?!\2)[^\\\n])+)\2/g
const tryPattern = /^\s*\)?\s*\.\s*catch\(/
const helperPattern = /property=csp-nonce[^]*?vite:preloadError/

function readPreloadList(code: string): string[] {
  if (!code.includes('__vite__mapDeps')) return []
  const literal = preloadListPattern.exec(code)?.[1]
  if (literal === undefined) return []
  return [...literal.matchAll(/(["'`])((?:(?!\1)[^\\])*)\1/g)].flatMap((match) => match[2] ?? [])
}

/** In `import("./x.js")…,__vite__mapDeps([0,1])`, the preloads of an import stand between it and the next import. */
function preloadsAfter(code: string, from: number, to: number, list: readonly string[]): string[] {
  const at = code.indexOf('__vite__mapDeps(', from)
  if (at < 0 || at >= to) return []
  preloadUsePattern.lastIndex = at
  const indexes = preloadUsePattern.exec(code)?.[1]?.split(',') ?? []
  return indexes.flatMap((index) => list[Number(index)] ?? [])
}

function readWorkers(code: string): WorkerReference[] {
  if (!code.includes('Worker(')) return []
  return [...code.matchAll(workerPattern)].flatMap((match) => {
    const specifier = match[3]
    if (specifier === undefined || specifier.includes('${')) return []
    return [{ specifier, relativeTo: match[1] === '' ? ('document' as const) : ('file' as const) }]
  })
}

function lex(code: string): { found: readonly ImportSpecifier[]; error: string | undefined } {
  try {
    return { found: parse(code)[0], error: undefined }
  } catch (error) {
    return { found: [], error: error instanceof Error ? error.message : 'it does not parse' }
  }
}

/** The lexer's value of `d` for `import.meta`, which is not an import. */
const importMeta = -2

/** Reads a module or classic script. A syntax error is returned in `error`, never thrown. */
export function readScriptReferences(code: string): ScriptReferences {
  const preloadList = readPreloadList(code)
  const helper = helperPattern.exec(code)?.[0]
  const { found, error } = lex(code)
  const specifiers = found.filter((entry) => entry.d !== importMeta)
  const imports = specifiers.flatMap((entry, index): ModuleImport[] => {
    if (entry.n === undefined) return []
    const dynamic = entry.d >= 0
    const end = specifiers[index + 1]?.ss ?? code.length
    return [
      {
        specifier: entry.n,
        dynamic,
        tried: dynamic && tryPattern.test(code.slice(entry.se, entry.se + 16)),
        preloads: dynamic ? preloadsAfter(code, entry.se, end, preloadList) : [],
      },
    ]
  })
  const preloadHelper = helper === undefined ? 'none' : helper.includes('integrity') ? 'pinning' : 'plain'
  return { imports, preloadList, workers: readWorkers(code), preloadHelper, error }
}
