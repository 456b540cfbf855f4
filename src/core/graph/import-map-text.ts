import { parseJson } from '../../bounded/json.ts'
import type { IntegrityMetadata } from '../site/model.ts'
import { scriptJson } from '../html/escape.ts'

export class ImportMapError extends Error {
  override name = 'ImportMapError'
}

type JsonObject = Record<string, unknown>

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export interface ImportMapAdditions {
  readonly imports: ReadonlyMap<string, string>
  readonly integrity: ReadonlyMap<string, IntegrityMetadata>
}

/**
 * The text of an import map with integrity metadata for each URL, merged into the user's own map if there is one.
 * Entries of that map for other URLs are kept, except for files that no longer exist; its entries for these URLs
 * are replaced.
 * @throws {ImportMapError} if the user's map is not a JSON object
 * @see https://html.spec.whatwg.org/multipage/webappapis.html#parse-an-import-map-string
 */
export function importMapText(
  own: string | undefined,
  { imports, integrity }: ImportMapAdditions,
  isGone: (url: string) => boolean = () => false,
): string {
  // An object with thousands of keys is slow to build. No key is an integer, which an object would sort first.
  if (own === undefined && imports.size === 0) {
    const pairs = [...integrity].map(([url, hash]) => `${scriptJson(url)}:"${hash}"`)
    return `{"integrity":{${pairs.join(',')}}}`
  }
  const map = own === undefined ? {} : parseImportMap(own)
  const present = Object.entries(isObject(map.integrity) ? map.integrity : {})
  const kept = present.filter(([url]) => !integrity.has(url) && !isGone(url))
  const added = imports.size > 0 && {
    imports: { ...(isObject(map.imports) ? map.imports : {}), ...Object.fromEntries(imports) },
  }
  return scriptJson({ ...map, ...added, integrity: Object.fromEntries([...kept, ...integrity]) })
}

/** The parts of an import map that hold entries. */
const PARTS = ['imports', 'scopes', 'integrity'] as const

/**
 * Merges several import maps. If two have an entry for the same name, the first map wins, as in engines that
 * support several maps. In an object the last entry wins, so the entries of the first map are written last.
 * @throws {ImportMapError} if one of them is not a JSON object
 * @see https://html.spec.whatwg.org/multipage/webappapis.html#merge-existing-and-new-import-maps
 */
export function mergeImportMaps(texts: readonly string[]): string {
  const merged: JsonObject = {}
  for (const map of texts.map(parseImportMap).toReversed())
    for (const part of PARTS) {
      const entries = map[part]
      if (!isObject(entries)) continue
      const known = isObject(merged[part]) ? merged[part] : {}
      merged[part] = part === 'scopes' ? mergeScopes(entries, known) : behind(entries, known)
    }
  return scriptJson(merged)
}

/** `entries` after those of `others` that have other names. */
function behind(entries: JsonObject, others: JsonObject): JsonObject {
  const kept = Object.entries(others).filter(([name]) => !Object.hasOwn(entries, name))
  return { ...Object.fromEntries(kept), ...entries }
}

function mergeScopes(scopes: JsonObject, known: JsonObject): JsonObject {
  const merged = Object.entries(scopes).map(([scope, entries]) => {
    const others = known[scope]
    return [scope, isObject(entries) && isObject(others) ? behind(entries, others) : entries]
  })
  return behind(Object.fromEntries(merged) as JsonObject, known)
}

/** @throws {ImportMapError} if the text is not a JSON object */
export function parseImportMap(text: string): JsonObject {
  let map: unknown
  try {
    map = parseJson(text)
  } catch (error) {
    throw new ImportMapError(error instanceof Error ? error.message : String(error), { cause: error })
  }
  if (!isObject(map)) throw new ImportMapError('it is not an object')
  if (map.integrity !== undefined && !isObject(map.integrity))
    throw new ImportMapError('its integrity is not an object')
  return map
}

/**
 * No specifier can be resolved against this URL, so no request is made. `null` would do the same, but causes a
 * console warning.
 */
const NOWHERE = 'about:invalid/'

const IS_ROOT = /^(?:[a-z][a-z0-9+.-]*:\/\/[^/]*)?\/$|^(?:\.{1,2}\/)+$/i

/**
 * Entries for the `imports` of an import map that let only the exact pinned URLs below the scripts' directories
 * resolve. `integrity` pins exact URLs: `import('/assets/a.js?again')` asks for another URL, which would run
 * unpinned. Astro retries that way after a refused file. Stylesheets have entries too, because chunks look up
 * their URLs with `import.meta.resolve`.
 * @see https://html.spec.whatwg.org/multipage/webappapis.html#resolving-an-imports-match
 */
export function sealImports(scripts: readonly string[], styles: readonly string[]): [string, string][] {
  const directories = new Set(scripts.map((url) => url.slice(0, url.lastIndexOf('/') + 1)))
  const sealed = [...directories].filter((one) => !IS_ROOT.test(one))
  const outermost = sealed.filter((one) => !sealed.some((other) => other !== one && one.startsWith(other)))
  const inside = [...scripts, ...styles].filter((url) =>
    outermost.some((directory) => url.startsWith(directory)),
  )
  return [
    ...outermost.map((directory): [string, string] => [directory, NOWHERE]),
    ...inside.map((url): [string, string] => [url, url]),
  ]
}
