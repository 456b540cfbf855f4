import type { SourceList, UrlSource } from './source-list.ts'

const defaultPorts: Readonly<Record<string, string>> = { http: '80', https: '443', ws: '80', wss: '443' }
const httpSchemes = new Set(['http', 'https', 'ws', 'wss'])

function schemeOf(url: URL): string {
  return url.protocol.slice(0, -1)
}

/**
 * A secure scheme satisfies its insecure twin: what allows `http` allows `https`. The specification lets `ws` allow `http`
 * as well; engines do not.
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
 * `upgraded`: the scheme of the URL is the secure twin of the one that is allowed. Port 80 then stands for 443, and no
 * other port is the same one as before; without an upgrade, port 80 is just that.
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

/** Bytes that are no UTF-8 stay distinct from one another. */
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
 * With a slash at its end a path is a prefix, otherwise it is the whole path. Both are decoded as a whole, as engines do:
 * by the specification `%2F` would be no slash.
 * @see https://www.w3.org/TR/CSP3/#match-paths
 */
export function pathMatches(pattern: string, path: string): boolean {
  if (pattern === '' || pattern === '/') return true
  const [wanted, actual] = [decode(pattern), decode(path)]
  return pattern.endsWith('/') ? actual.startsWith(wanted) : actual === wanted
}

function selfMatches(url: URL, self: URL): boolean {
  // The origin of `blob:https://site.example/…` is that of the site, and still 'self' does not let it in.
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

/** Does a list allow a URL, by its URL expressions alone? `'none'`, hashes and nonces allow none. */
export function urlMatches(list: SourceList, url: URL, self: URL, wildcardHostNeedsScheme = false): boolean {
  return list.urls.some((source) => {
    const ignored =
      wildcardHostNeedsScheme && source.kind === 'host' && source.host === '*' && source.scheme === undefined
    return !ignored && sourceMatches(source, url, self)
  })
}
