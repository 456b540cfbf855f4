import { createRequire } from 'node:module'
import type * as lexer from 'es-module-lexer'
import { findFileLiterals } from './file-literals.ts'
import { findWorkerCalls } from './worker-calls.ts'

/** A URL in a script, with what it is relative to. */
export interface UrlReference {
  readonly url: string
  /** `file`: the script itself. `base`: the public base of the site. `document`: the page that runs the script. */
  readonly relativeTo: 'file' | 'base' | 'document'
}

/** What a script loads, read from its own text. */
export interface ScriptReferences {
  /** Specifiers of static imports and of `export … from`. */
  readonly imports: readonly string[]
  /** Specifiers of dynamic imports that are plain text. */
  readonly dynamicImports: readonly string[]
  /** Stylesheets and scripts that stand as plain text where no import or worker names them: lists of preloads. */
  readonly preloads: readonly UrlReference[]
  readonly workers: readonly UrlReference[]
  /** Some dynamic import takes an expression, so its file is known in the browser alone. */
  readonly computedImport: boolean
}

/** The imports of a script cannot be told from its text. */
export class ScriptSyntaxError extends Error {
  override name = 'ScriptSyntaxError'

  constructor(readonly offset: number) {
    super('syntax error')
  }
}

/** Loaded when it is needed: the scripts of most builds are known from the bundler. */
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
    // Brackets that nest thousands deep end in an error of WebAssembly, which has no offset.
    throw new ScriptSyntaxError((error as { readonly idx?: number }).idx ?? 0)
  }
}

/** What the lexer writes into `d` for a static import, and for `import.meta`. */
const STATIC = -1
const IMPORT_META = -2

/**
 * Reads a script, module or classic: its imports with a lexer, and URLs of workers and lists of preloads as bundlers
 * write them. Text that looks like those in a comment or a string counts too: that pins more than is needed.
 * @throws {ScriptSyntaxError} if its imports cannot be told
 */
export function readScriptReferences(code: string): ScriptReferences {
  const imports = new Set<string>()
  const dynamicImports = new Set<string>()
  const preloads = new Map<string, UrlReference>()
  const workers = new Map<string, UrlReference>()
  const taken = new Set<number>()
  let computedImport = false
  if (LOADS.test(code)) {
    for (const { n: specifier, d: kind, s: start } of readImports(code)) {
      if (kind === IMPORT_META) continue
      taken.add(kind === STATIC ? start - 1 : start)
      if (specifier === undefined) computedImport = true
      else (kind === STATIC ? imports : dynamicImports).add(specifier)
    }
    for (const { url, relativeTo, at } of findWorkerCalls(code)) {
      taken.add(at)
      workers.set(url, { url, relativeTo })
    }
    for (const { url, at } of findFileLiterals(code))
      if (!taken.has(at)) preloads.set(url, { url, relativeTo: /^\.{1,2}\//.test(url) ? 'file' : 'base' })
  }
  return {
    imports: [...imports],
    dynamicImports: [...dynamicImports],
    preloads: [...preloads.values()],
    workers: [...workers.values()],
    computedImport,
  }
}
