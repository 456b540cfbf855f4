import { parseJson } from '../bounded/json.ts'

/**
 * An import map with resolved keys and targets.
 * @see https://html.spec.whatwg.org/multipage/webappapis.html#import-maps
 */
export interface ImportMap {
  readonly imports: ReadonlyMap<string, URL | null>
  readonly scopes: readonly (readonly [string, ReadonlyMap<string, URL | null>])[]
  readonly integrity: ReadonlyMap<string, string>
}

export interface ParsedImportMap {
  readonly map: ImportMap | undefined
  readonly error: string | undefined
  /** Entries that browsers ignore. */
  readonly ignored: readonly string[]
}

/** Resolves a URL or a specifier starting with `/`, `./` or `../`; `undefined` for a bare specifier. */
export function urlLike(specifier: string, base: URL): URL | undefined {
  if (/^\.{0,2}\//.test(specifier)) return tryUrl(specifier, base)
  return tryUrl(specifier)
}

export function tryUrl(url: string, base?: URL): URL | undefined {
  return URL.canParse(url, base?.href) ? new URL(url, base) : undefined
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

type Specifiers = Map<string, URL | null>

function readSpecifiers(value: Readonly<Record<string, unknown>>, base: URL, ignored: string[]): Specifiers {
  const sorted = Object.entries(value).toSorted(([a], [b]) => (a < b ? 1 : -1))
  return new Map(
    sorted.map(([key, address]) => {
      const target = typeof address === 'string' ? urlLike(address, base) : undefined
      const fits = target !== undefined && (!key.endsWith('/') || target.href.endsWith('/'))
      if (!fits) ignored.push(`"${key}"`)
      return [urlLike(key, base)?.href ?? key, fits ? target : null]
    }),
  )
}

export function parseImportMap(text: string, base: URL): ParsedImportMap {
  let json: unknown
  try {
    json = parseJson(text)
  } catch (error) {
    return { map: undefined, error: error instanceof Error ? error.message : 'no JSON', ignored: [] }
  }
  if (!isRecord(json)) return { map: undefined, error: 'it is no JSON object', ignored: [] }
  const { imports = {}, scopes = {}, integrity = {} } = json
  if (!isRecord(imports) || !isRecord(scopes) || !isRecord(integrity)) {
    return { map: undefined, error: '"imports", "scopes" and "integrity" must be objects', ignored: [] }
  }
  const ignored: string[] = []
  const pins = new Map<string, string>()
  for (const [key, value] of Object.entries(integrity)) {
    const url = urlLike(key, base)
    if (url === undefined || typeof value !== 'string') ignored.push(`"${key}"`)
    else pins.set(url.href, value)
  }
  const scoped: [string, Specifiers][] = []
  for (const [prefix, value] of Object.entries(scopes)) {
    const url = tryUrl(prefix, base)
    if (!isRecord(value)) return { map: undefined, error: `scope "${prefix}" is no object`, ignored }
    if (url === undefined) ignored.push(`"${prefix}"`)
    else scoped.push([url.href, readSpecifiers(value, base, ignored)])
  }
  scoped.sort(([a], [b]) => (a < b ? 1 : -1))
  const map = { imports: readSpecifiers(imports, base, ignored), scopes: scoped, integrity: pins }
  return { map, error: undefined, ignored }
}

/**
 * Entries of the first map win.
 * @see https://html.spec.whatwg.org/multipage/webappapis.html#merge-existing-and-new-import-maps
 */
export function mergeImportMaps(first: ImportMap, second: ImportMap): ImportMap {
  return {
    imports: new Map([...second.imports, ...first.imports].toSorted(([a], [b]) => (a < b ? 1 : -1))),
    scopes: [...first.scopes, ...second.scopes].toSorted(([a], [b]) => (a < b ? 1 : -1)),
    integrity: new Map([...second.integrity, ...first.integrity]),
  }
}

function lookUp(specifier: string, isSpecial: boolean, specifiers: ReadonlyMap<string, URL | null>) {
  const exact = specifiers.get(specifier)
  if (exact !== undefined) return exact
  // Try the specifier's directories, longest first, instead of every key: a map may have thousands of keys.
  let end = isSpecial ? specifier.lastIndexOf('/') : -1
  while (end >= 0) {
    const target = specifiers.get(specifier.slice(0, end + 1))
    if (target !== undefined) return target && (tryUrl(specifier.slice(end + 1), target) ?? null)
    end = end === 0 ? -1 : specifier.lastIndexOf('/', end - 1)
  }
  return undefined
}

/**
 * Resolves a specifier; `undefined` where a browser would throw.
 * @see https://html.spec.whatwg.org/multipage/webappapis.html#resolve-a-module-specifier
 */
export function resolveSpecifier(map: ImportMap | undefined, specifier: string, base: URL): URL | undefined {
  const asUrl = urlLike(specifier, base)
  const normalized = asUrl?.href ?? specifier
  const isSpecial = asUrl === undefined || /^(https?|wss?|ftp|file):$/.test(asUrl.protocol)
  for (const [prefix, specifiers] of map?.scopes ?? []) {
    if (prefix !== base.href && !(prefix.endsWith('/') && base.href.startsWith(prefix))) continue
    const found = lookUp(normalized, isSpecial, specifiers)
    if (found !== undefined) return found ?? undefined
  }
  const found = map === undefined ? undefined : lookUp(normalized, isSpecial, map.imports)
  return found === undefined ? asUrl : (found ?? undefined)
}
