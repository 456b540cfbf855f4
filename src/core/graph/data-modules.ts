import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path/posix'
import { scanPage } from '../html/scan.ts'
import { latin1 } from '../text/bytes.ts'
import { readScriptReferences, ScriptSyntaxError } from './references.ts'

/** A module that scripts import by a `data:` URL, and the file with the same text that replaces it. */
export interface DataModule {
  readonly path: string
  readonly url: string
  readonly text: string
}

const SCRIPT_URL = /^data:(?:text|application)\/(?:x-)?(?:java|ecma)script[;,]/i

/** Matches an import of such a URL; its slash may be escaped. Most scripts have none, so they need not be lexed. */
const IMPORTS_SCRIPT_URL =
  /(?:from|import)\s*\(?\s*["'`]data:(?:text|application)\\?\/(?:x-)?(?:java|ecma)script[;,]/i

/**
 * The `data:` URLs that a script imports as modules. Empty if its imports cannot be parsed: that is reported when
 * the graph is read.
 */
export function dataImports(script: string | Uint8Array): string[] {
  if (!IMPORTS_SCRIPT_URL.test(typeof script === 'string' ? script : latin1(script))) return []
  try {
    const { imports, dynamicImports } = readScriptReferences(script)
    return [...imports, ...dynamicImports].filter((specifier) => SCRIPT_URL.test(specifier))
  } catch (error) {
    if (error instanceof ScriptSyntaxError) return []
    throw error
  }
}

/** As above, for the inline scripts of a page. Vite turns `import('./small.js')` in them into such a URL. */
export function dataImportsOfPage(path: string, html: string): string[] {
  if (!IMPORTS_SCRIPT_URL.test(html)) return []
  return scanPage(path, html).resources.flatMap((resource) =>
    resource.kind === 'inline-script' && /^(?:module|classic)$/.test(resource.type)
      ? dataImports(resource.text)
      : [],
  )
}

/** Vite writes `import('./small.js')` of an inline script as such a URL, in sites of a few pages written by hand. */
const FEW_PAGES = 200

interface Texts {
  readonly scripts: Iterable<string>
  readonly pages: readonly string[]
  script(path: string): Uint8Array
  page(path: string): string | undefined
}

/**
 * Creates a file for every module that a finished site imports by a `data:` URL, such as the guards of
 * `@vitejs/plugin-legacy`. The file name is derived from its text, so that a second run finds the file of the first.
 * A large site's pages are searched only if a script has such an import, because that reads every page a second time.
 */
export async function findDataModules({ scripts, pages, script, page }: Texts): Promise<DataModule[]> {
  const folders = new Map<string, string>()
  for (const path of scripts)
    for (const url of dataImports(script(path))) if (!folders.has(url)) folders.set(url, dirname(path))
  if (folders.size === 0 && pages.length > FEW_PAGES) return []
  const [folder = folderOf(scripts)] = folders.values()
  for (const path of pages)
    for (const url of dataImportsOfPage(path, page(path) ?? ''))
      if (!folders.has(url)) folders.set(url, folder)
  return Promise.all(
    [...folders].map(async ([url, place]) => {
      const source = await (await fetch(url)).text()
      const hash = createHash('sha256').update(source).digest('base64url').slice(0, 8)
      return { path: join(place, `data-module-${hash}.js`), url, text: source }
    }),
  )
}

function folderOf(scripts: Iterable<string>): string {
  const [first] = scripts
  return first === undefined ? 'assets' : dirname(first)
}
