import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path/posix'
import { scanPage } from '../html/scan.ts'
import { readScriptReferences, ScriptSyntaxError } from './references.ts'

/** A module that scripts import by a `data:` URL, and the file that stands for it. */
export interface DataModule {
  readonly path: string
  readonly url: string
  readonly text: string
}

const SCRIPT_URL = /^data:(?:text|application)\/(?:x-)?(?:java|ecma)script[;,]/i

/** The same anywhere in a script, its slash perhaps escaped: most scripts have none, and to parse them takes long. */
const SOME_SCRIPT_URL = /data:(?:text|application)\\?\/(?:x-)?(?:java|ecma)script[;,]/i

/** Specifiers of static imports that are modules themselves, written as `data:` URLs. */
export function dataImports(code: string): string[] {
  if (!SOME_SCRIPT_URL.test(code)) return []
  return readScriptReferences(code).imports.filter((specifier) => SCRIPT_URL.test(specifier))
}

/** The same for the inline modules of a page. */
export function dataImportsOfPage(path: string, html: string): string[] {
  if (!SOME_SCRIPT_URL.test(html)) return []
  return scanPage(path, html).resources.flatMap((resource) =>
    resource.kind === 'inline-script' && resource.type === 'module' ? parsable(resource.text) : [],
  )
}

/** What cannot be parsed is told by who reads it for its imports. */
function parsable(code: string): string[] {
  try {
    return dataImports(code)
  } catch (error) {
    if (error instanceof ScriptSyntaxError || error instanceof RangeError) return []
    throw error
  }
}

interface Texts {
  readonly scripts: Iterable<string>
  readonly pages: Iterable<string>
  text(path: string): string | undefined
}

/**
 * A file for every module that a finished site imports by a `data:` URL, as the guards of `@vitejs/plugin-legacy` are.
 * Its name follows from its text, so that a second run finds the one of the first. Pages are read for more of them only
 * where a script has one: the guards of chunks and pages come together, and most sites have none.
 */
export async function findDataModules({ scripts, pages, text }: Texts): Promise<DataModule[]> {
  const folders = new Map<string, string>()
  for (const path of scripts)
    for (const url of parsable(text(path) ?? '')) if (!folders.has(url)) folders.set(url, dirname(path))
  const [folder] = folders.values()
  if (folder === undefined) return []
  for (const path of pages)
    for (const url of dataImportsOfPage(path, text(path) ?? ''))
      if (!folders.has(url)) folders.set(url, folder)
  return Promise.all(
    [...folders].map(async ([url, place]) => {
      const source = await (await fetch(url)).text()
      const hash = createHash('sha256').update(source).digest('base64url').slice(0, 8)
      return { path: join(place, `data-module-${hash}.js`), url, text: source }
    }),
  )
}
