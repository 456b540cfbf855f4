import { createRequire } from 'node:module'
import type * as lexer from 'es-module-lexer'
import { fromLatin1, latin1 } from '../text/bytes.ts'
import { unescaped } from '../text/js-escapes.ts'
import { findFileLiterals } from './file-literals.ts'
import { findWorkerCalls } from './worker-calls.ts'

/** A URL in a script, and the base that it is relative to. */
export interface UrlReference {
  readonly url: string
  /** `file`: the script itself. `base`: the public base of the site. `document`: the page that runs the script. */
  readonly relativeTo: 'file' | 'base' | 'document'
}

/** Everything that a script loads, read from its own text. */
export interface ScriptReferences {
  /** Specifiers of static imports and of `export … from`. */
  readonly imports: readonly string[]
  /** Specifiers of dynamic imports that are string literals. */
  readonly dynamicImports: readonly string[]
  /** Stylesheets and scripts in string literals outside imports and worker calls: the preload lists of bundlers. */
  readonly preloads: readonly UrlReference[]
  readonly workers: readonly UrlReference[]
  /** Whether a dynamic import takes an expression, so that its file is known only in the browser. */
  readonly computedImport: boolean
}

/** The imports of a script cannot be parsed. */
export class ScriptSyntaxError extends Error {
  override name = 'ScriptSyntaxError'

  constructor(readonly offset: number) {
    super('syntax error')
  }
}

/** Loaded on demand: in most builds, the bundler provides the imports. */
function loadLexer(): typeof lexer {
  const loaded = createRequire(import.meta.url)('es-module-lexer') as typeof lexer
  loaded.initSync()
  return loaded
}

/** A script without any of these words loads nothing that could be pinned. */
const LOADS = /\b(?:import|export|Worker|SharedWorker|serviceWorker)\b|\.css\b/

function readImports(code: string): readonly lexer.ImportSpecifier[] {
  if (!/\b(?:import|export)\b/.test(code)) return []
  const { parse } = loadLexer()
  try {
    return parse(code)[0]
  } catch (error) {
    // Thousands of nested brackets cause a WebAssembly error, which has no offset.
    throw new ScriptSyntaxError((error as { readonly idx?: number }).idx ?? 0)
  }
}

/** The values of `d` that the lexer uses for a static import and for `import.meta`. */
const STATIC = -1
const IMPORT_META = -2

const FILE = /^[^\s"'`<>{}()\\]+\.(?:m?js|css)(?:[?#]|$)/

/** The byte order mark in a latin1 string. */
const BOM = /^\xEF\xBB\xBF/

/**
 * The code of a script, and a function that decodes the text between two quotes. Files are not decoded as a whole.
 */
function readable(script: string | Uint8Array): { code: string; value: (raw: string) => string } {
  if (typeof script === 'string') return { code: script, value: unescaped }
  return { code: latin1(script).replace(BOM, '   '), value: (raw) => unescaped(fromLatin1(raw)) }
}

/**
 * Reads a script, module or classic: its imports with a lexer, and URLs of workers and preload lists in the form
 * that bundlers write. Similar text in a comment or a string counts too: that only pins more than necessary.
 * @param script its text, or its bytes as UTF-8, which are read faster
 * @throws {ScriptSyntaxError} if its imports cannot be parsed
 */
export function readScriptReferences(script: string | Uint8Array): ScriptReferences {
  const imports = new Set<string>()
  const dynamicImports = new Set<string>()
  const preloads = new Map<string, UrlReference>()
  const workers = new Map<string, UrlReference>()
  const taken = new Set<number>()
  let computedImport = false
  const { code, value } = readable(script)
  if (LOADS.test(code)) {
    for (const { n: specifier, d: kind, s: start, e: end } of readImports(code)) {
      if (kind === IMPORT_META) continue
      const at = kind === STATIC ? start - 1 : start
      taken.add(at)
      if (specifier === undefined) computedImport = true
      else {
        const name = value(code.slice(at + 1, kind === STATIC ? end : end - 1))
        ;(kind === STATIC ? imports : dynamicImports).add(name)
      }
    }
    for (const { raw, relativeTo, at } of findWorkerCalls(code)) {
      const url = value(raw)
      taken.add(at)
      workers.set(url, { url, relativeTo })
    }
    for (const { raw, at } of findFileLiterals(code)) {
      const url = value(raw)
      if (taken.has(at) || !FILE.test(url)) continue
      preloads.set(url, { url, relativeTo: /^\.{1,2}\//.test(url) ? 'file' : 'base' })
    }
  }
  return {
    imports: [...imports],
    dynamicImports: [...dynamicImports],
    preloads: [...preloads.values()],
    workers: [...workers.values()],
    computedImport,
  }
}
