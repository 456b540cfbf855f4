import type { SourceList, UrlSource } from './source-list.ts'

const defaultPorts: Readonly<Record<string, string>> = { http: '80', https: '443', ws: '80', wss: '443' }
const httpSchemes = new Set(['http', 'https', 'ws', 'wss'])

function schemeOf(url: URL): string {
  return url.protocol.slice(0, -1)
}

/**
 * An insecure scheme also allows its secure counterpart: `http` allows `https`. By the specification, `ws` allows
 * `http` as well; engines do not implement that.
 * @see https://www.w3.org/TR/CSP3/#match-schemes
 */
export function schemeMatches(allowed: string, actual: string): boolean {
  return allowed === actual || isUpgrade(allowed, actual)
}

function isUpgrade(allowed: string, actual: string): boolean {
  return (allowed === 'http' && actual === 'https') || (allowed === 'ws' && actual === 'wss')
}

/** @see https://www.w3.org/TR/CSP3/#match-hosts */
export function hostMatches(pattern: string, host: string): boolean {
  if (pattern === '*') return host !== ''
  if (pattern.startsWith('*.')) return host.toLowerCase().endsWith(pattern.slice(1))
  return pattern === host.toLowerCase()
}

/**
 * `upgraded` is true if the source allows an insecure scheme and the URL has its secure counterpart. Then only port 443
 * matches, and the source may name it as 80 or 443. Otherwise the ports must be equal.
 * @see https://www.w3.org/TR/CSP3/#match-ports
 */
export function portMatches(pattern: string | undefined, url: URL, upgraded: boolean): boolean {
  if (pattern === '*') return true
  if (pattern === undefined) return url.port === ''
  const actual = url.port === '' ? defaultPorts[schemeOf(url)] : url.port
  const wanted = String(Number(pattern))
  if (upgraded) return actual === '443' && (wanted === '80' || wanted === '443')
  return wanted === actual
}

/** Decodes byte by byte if the escapes are not valid UTF-8, so that different bytes stay different. */
function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
      String.fromCodePoint(Number.parseInt(hex, 16)),
    )
  }
}

/**
 * A path that ends in a slash is a prefix; any other path must match exactly. Decodes the whole path first, as engines
 * do. By the specification, `%2F` would not count as a slash.
 * @see https://www.w3.org/TR/CSP3/#match-paths
 */
export function pathMatches(pattern: string, path: string): boolean {
  if (pattern === '' || pattern === '/') return true
  const [wanted, actual] = [decode(pattern), decode(path)]
  return pattern.endsWith('/') ? actual.startsWith(wanted) : actual === wanted
}

function selfMatches(url: URL, self: URL): boolean {
  // `blob:https://site.example/…` has the origin of the site, but 'self' does not match it.
  if (!httpSchemes.has(schemeOf(url))) return false
  if (url.origin !== 'null' && url.origin === self.origin) return true
  if (url.hostname === '' || url.hostname !== self.hostname) return false
  const portsMatch = url.port === self.port
  const scheme = schemeOf(url)
  return (
    portsMatch && (scheme === 'https' || scheme === 'wss' || (schemeOf(self) === 'http' && scheme === 'ws'))
  )
}

/** @see https://www.w3.org/TR/CSP3/#match-url-to-source-expression */
export function sourceMatches(source: UrlSource, url: URL, self: URL): boolean {
  const scheme = schemeOf(url)
  switch (source.kind) {
    case 'any':
      return httpSchemes.has(scheme) || schemeMatches(schemeOf(self), scheme)
    case 'self':
      return selfMatches(url, self)
    case 'scheme':
      return schemeMatches(source.scheme, scheme)
    case 'host':
      return (
        url.hostname !== '' &&
        schemeMatches(source.scheme ?? schemeOf(self), scheme) &&
        hostMatches(source.host, url.hostname) &&
        portMatches(source.port, url, isUpgrade(source.scheme ?? schemeOf(self), scheme)) &&
        pathMatches(source.path, url.pathname)
      )
  }
}

/** True if a URL expression of the list matches the URL. `'none'`, hashes and nonces match no URL. */
export function urlMatches(list: SourceList, url: URL, self: URL, wildcardHostNeedsScheme = false): boolean {
  return list.urls.some((source) => {
    const ignored =
      wildcardHostNeedsScheme && source.kind === 'host' && source.host === '*' && source.scheme === undefined
    return !ignored && sourceMatches(source, url, self)
  })
}
