import { isHashOrNonce, isScheme, isUrlSource } from './source-expression.ts'

const INCLUDED: Readonly<Record<string, string>> = { "'wasm-unsafe-eval'": "'unsafe-eval'" }

const SCHEME_PART = /^([a-z][a-z0-9+.-]*:)\/\//i

/** Splits a URL source into its scheme and the rest; the scheme is empty if the source has none and matches any. */
function partsOf(expression: string): { readonly scheme: string; readonly host: string } {
  const [whole = '', scheme = ''] = SCHEME_PART.exec(expression) ?? []
  return { scheme: scheme.toLowerCase(), host: expression.slice(whole.length).toLowerCase() }
}

/**
 * What a list of source expressions allows. May answer no although the list allows it (a wildcard port, for
 * example), but never answers yes by mistake. A page may name thousands of origins, so no method iterates over the
 * whole list.
 * @see https://www.w3.org/TR/CSP3/#match-url-to-source-list
 */
export class SourceCover {
  private readonly exact = new Set<string>()
  /** Host → schemes that it is listed with. A wildcard host is stored as `.example.com`. */
  private readonly schemes = new Map<string, Set<string>>()
  private hashed = false

  constructor(list: Iterable<string> = []) {
    for (const expression of list) this.add(expression)
  }

  add(expression: string): void {
    this.exact.add(expression)
    this.hashed ||= isHashOrNonce(expression)
    if (!isUrlSource(expression)) return
    const { scheme, host } = partsOf(expression)
    for (const key of host.startsWith('*.') ? [host, host.slice(1)] : [host]) {
      const schemes = this.schemes.get(key) ?? new Set()
      this.schemes.set(key, schemes.add(scheme))
    }
  }

  /** Whether `'unsafe-inline'` is in force: a hash or a nonce in the same list switches it off. */
  get letsInline(): boolean {
    return this.exact.has("'unsafe-inline'") && !this.hashed
  }

  /** Whether the list already allows everything that the expression would allow. */
  covers(expression: string): boolean {
    const { exact } = this
    if (exact.has(expression) || exact.has(INCLUDED[expression] ?? expression)) return true
    if (isHashOrNonce(expression)) return this.letsInline && !exact.has("'strict-dynamic'")
    if (expression === "'self'") return exact.has('*')
    if (!isUrlSource(expression) || isScheme(expression)) return false
    const { scheme, host } = partsOf(expression)
    if (exact.has('*') || (scheme !== '' && exact.has(scheme)) || this.listed(host, scheme)) return true
    for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1))
      if (this.listed(host.slice(dot), scheme)) return true
    return false
  }

  private listed(host: string, scheme: string): boolean {
    const schemes = this.schemes.get(host)
    return schemes !== undefined && (scheme === '' || schemes.has('') || schemes.has(scheme))
  }
}
