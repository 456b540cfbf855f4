import { parseJson } from '../../bounded/json.ts'

/**
 * Resolves specifiers as a browser does under a page's import map.
 * @see https://html.spec.whatwg.org/multipage/webappapis.html#resolve-a-module-specifier
 */

/** Specifier → URL; a key that ends in `/` matches every specifier that starts with it. */
type SpecifierMap = ReadonlyMap<string, URL | undefined>

export interface ImportMap {
  readonly imports: SpecifierMap
  readonly scopes: readonly (readonly [string, SpecifierMap])[]
}

export const NO_IMPORT_MAP: ImportMap = { imports: new Map(), scopes: [] }

const entriesOf = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []

/** Parses a specifier that is a URL by itself: it has a scheme, or begins with `/`, `./` or `../`. */
function asUrl(specifier: string, base: URL): URL | undefined {
  if (/^(?:\.{0,2}\/)/.test(specifier))
    return URL.canParse(specifier, base.href) ? new URL(specifier, base) : undefined
  return URL.canParse(specifier) ? new URL(specifier) : undefined
}

/** Sorts so that longer keys come before their prefixes: the most specific key wins. */
function byLength<Value>(entries: readonly (readonly [string, Value])[]): (readonly [string, Value])[] {
  return entries.toSorted(([a], [b]) => (a === b ? 0 : a < b ? 1 : -1))
}

function specifierMap(value: unknown, base: URL): SpecifierMap {
  const map = new Map<string, URL | undefined>()
  for (const [key, address] of entriesOf(value)) {
    const url = typeof address === 'string' ? asUrl(address, base) : undefined
    const usable = url && (!key.endsWith('/') || url.href.endsWith('/')) ? url : undefined
    const name = asUrl(key, base)?.href ?? key
    if (!map.has(name)) map.set(name, usable)
  }
  return map
}

/** A cache key: equal for import maps that resolve alike. */
export const importMapKey = (map: ImportMap): string =>
  JSON.stringify(map, (_, value: unknown) => (value instanceof Map ? [...(value as SpecifierMap)] : value))

/**
 * Reads the parts of an import map that resolve specifiers. As in a browser, text that is not a JSON object
 * resolves nothing.
 */
export function readImportMap(text: string, documentBase: URL): ImportMap {
  let map: unknown
  try {
    map = parseJson(text)
  } catch {
    return NO_IMPORT_MAP
  }
  const { imports, scopes } = Object.fromEntries(entriesOf(map))
  return {
    imports: specifierMap(imports, documentBase),
    scopes: byLength(
      entriesOf(scopes).flatMap(([prefix, value]) =>
        URL.canParse(prefix, documentBase.href)
          ? [[new URL(prefix, documentBase).href, specifierMap(value, documentBase)] as const]
          : [],
      ),
    ),
  }
}

/** The longest matching key wins. `null`: the map blocks this specifier. */
function lookUp(key: string, map: SpecifierMap): URL | null | undefined {
  if (map.has(key)) return map.get(key) ?? null
  for (
    let length = key.lastIndexOf('/') + 1;
    length > 0;
    length = key.slice(0, length - 1).lastIndexOf('/') + 1
  ) {
    const name = key.slice(0, length)
    if (!map.has(name)) continue
    const address = map.get(name)
    const rest = key.slice(length)
    return address && URL.canParse(rest, address.href) ? new URL(rest, address) : null
  }
  return undefined
}

/** The URL that an import resolves to, `undefined` for a bare specifier that is not in the map. */
export function resolveSpecifier(specifier: string, importer: URL, map: ImportMap): URL | undefined {
  const url = asUrl(specifier, importer)
  const key = url?.href ?? specifier
  const scoped = map.scopes
    .filter(([scope]) => scope === importer.href || (scope.endsWith('/') && importer.href.startsWith(scope)))
    .map(([, scope]) => scope)
  for (const one of [...scoped, map.imports]) {
    const found = lookUp(key, one)
    if (found !== undefined) return found ?? undefined
  }
  return url
}
