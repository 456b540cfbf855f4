/** A source expression that matches URLs: `*`, `'self'`, a scheme, or a host with optional scheme, port and path. */
export type UrlSource =
  | { readonly kind: 'any' }
  | { readonly kind: 'self' }
  | { readonly kind: 'scheme'; readonly scheme: string }
  | {
      readonly kind: 'host'
      readonly scheme: string | undefined
      readonly host: string
      readonly port: string | undefined
      readonly path: string
    }

export interface HashSource {
  readonly algorithm: string
  /** Standard base64, even if the policy has base64url. */
  readonly value: string
  readonly expression: string
}

/**
 * A source list, grouped by kind of expression.
 * @see https://www.w3.org/TR/CSP3/#framework-directive-source-list
 */
export interface SourceList {
  readonly tokens: readonly string[]
  readonly keywords: ReadonlySet<string>
  readonly hashes: readonly HashSource[]
  readonly nonces: readonly string[]
  readonly urls: readonly UrlSource[]
  /** Expressions that match no grammar; browsers ignore them. */
  readonly invalid: readonly string[]
}

const hashPattern = /^'(sha256|sha384|sha512)-([a-z0-9+/_-]+={0,2})'$/i
const noncePattern = /^'nonce-([a-z0-9+/_-]+={0,2})'$/i
const schemePattern = /^([a-z][a-z0-9+.-]*):$/i
/** Rejects underscores and IPv6 addresses, as engines do. In a path, only the part from `?` on is ignored. */
const hostPattern =
  /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\*|(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.?)(?::(\d+|\*))?(?:(\/[^?#]*)(?:[?#].*)?)?$/i

const keywords = new Set([
  "'none'",
  "'self'",
  "'unsafe-inline'",
  "'unsafe-eval'",
  "'wasm-unsafe-eval'",
  "'trusted-types-eval'",
  "'unsafe-hashes'",
  "'strict-dynamic'",
  "'report-sample'",
  "'inline-speculation-rules'",
  "'unsafe-allow-redirects'",
  "'report-sha256'",
  "'report-sha384'",
  "'report-sha512'",
])

/** Converts base64url to base64. Engines treat both alphabets as equal when they compare hashes. */
export function toBase64(value: string): string {
  return value.replaceAll('-', '+').replaceAll('_', '/')
}

function parseUrlSource(token: string): UrlSource | undefined {
  if (token === '*') return { kind: 'any' }
  const scheme = schemePattern.exec(token)?.[1]
  if (scheme !== undefined) return { kind: 'scheme', scheme: scheme.toLowerCase() }
  const match = hostPattern.exec(token)
  const host = match?.[2]
  if (match === null || host === undefined) return undefined
  return {
    kind: 'host',
    scheme: match[1]?.toLowerCase(),
    host: host.toLowerCase(),
    port: match[3],
    path: match[4] ?? '',
  }
}

export function parseSourceList(tokens: readonly string[]): SourceList {
  const list = {
    tokens,
    keywords: new Set<string>(),
    hashes: [] as HashSource[],
    nonces: [] as string[],
    urls: [] as UrlSource[],
    invalid: [] as string[],
  }
  for (const token of tokens) {
    const hash = hashPattern.exec(token)
    const nonce = noncePattern.exec(token)
    if (hash?.[1] !== undefined && hash[2] !== undefined) {
      list.hashes.push({ algorithm: hash[1].toLowerCase(), value: toBase64(hash[2]), expression: token })
    } else if (nonce?.[1] !== undefined) {
      list.nonces.push(nonce[1])
    } else if (keywords.has(token.toLowerCase())) {
      const keyword = token.toLowerCase()
      list.keywords.add(keyword)
      if (keyword === "'self'") list.urls.push({ kind: 'self' })
    } else {
      const source = parseUrlSource(token)
      if (source === undefined) list.invalid.push(token)
      else list.urls.push(source)
    }
  }
  return list
}

/** A parsed policy: maps each directive name, in lower case, to its source list. */
export type Directives = ReadonlyMap<string, SourceList>

const whitespace = /[\t\n\f\r ]+/

/**
 * Parses one serialized policy, as in a `<meta>`. Names are case-insensitive; the first of repeated directives wins.
 * @see https://www.w3.org/TR/CSP3/#parse-serialized-policy
 */
export function parsePolicy(serialized: string): Directives {
  const directives = new Map<string, SourceList>()
  for (const part of serialized.split(';')) {
    const [name, ...values] = part.split(whitespace).filter((token) => token !== '')
    if (name === undefined) continue
    const key = name.toLowerCase()
    if (!directives.has(key)) directives.set(key, parseSourceList(values))
  }
  return directives
}

/**
 * Parses a header value: policies separated by commas, all enforced. Empty policies are dropped.
 * @see https://www.w3.org/TR/CSP3/#parse-response-csp
 */
export function parsePolicyHeader(value: string): { text: string; directives: Directives }[] {
  return value
    .split(',')
    .map((text) => ({ text: text.trim(), directives: parsePolicy(text) }))
    .filter((policy) => policy.directives.size > 0)
}
