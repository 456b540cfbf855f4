import type { SourceList, UrlSource } from './source-list.ts'

const defaultPorts: Readonly<Record<string, string>> = { http: '80', https: '443', ws: '80', wss: '443' }
const httpSchemes = new Set(['http', 'https', 'ws', 'wss'])

function schemeOf(url: URL): string {
  return url.protocol.slice(0, -1)
}

/**
 * A secure scheme satisfies its insecure twin: what allows `http` allows `https`.
 * @see https://www.w3.org/TR/CSP3/#match-schemes
 */
export function schemeMatches(allowed: string, actual: string): boolean {
  if (allowed === actual) return true
  if (allowed === 'http') return actual === 'https'
  if (allowed === 'ws') return actual === 'wss' || actual === 'http' || actual === 'https'
  if (allowed === 'wss') return actual === 'https'
  return false
}

/** @see https://www.w3.org/TR/CSP3/#match-hosts */
export function hostMatches(pattern: string, host: string): boolean {
  if (pattern === '*') return host !== ''
  if (pattern.startsWith('*.')) return host.toLowerCase().endsWith(pattern.slice(1))
  return pattern === host.toLowerCase()
}

/** @see https://www.w3.org/TR/CSP3/#match-ports */
export function portMatches(pattern: string | undefined, url: URL): boolean {
  if (pattern === '*') return true
  if (pattern === undefined) return url.port === ''
  const actual = url.port === '' ? defaultPorts[schemeOf(url)] : url.port
  // An upgrade of the scheme moves port 80 to 443 with it.
  return pattern === actual || (pattern === '80' && actual === '443')
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/**
 * With a slash at its end a path is a prefix, otherwise it is the whole path; segments are compared decoded.
 * @see https://www.w3.org/TR/CSP3/#match-paths
 */
export function pathMatches(pattern: string, path: string): boolean {
  if (pattern === '' || pattern === '/') return true
  const wanted = pattern.split('/')
  const actual = path.split('/')
  const exact = !pattern.endsWith('/')
  if (wanted.length > actual.length || (exact && wanted.length !== actual.length)) return false
  if (!exact) wanted.pop()
  return wanted.every((segment, index) => decode(segment) === decode(actual[index] ?? ''))
}

function selfMatches(url: URL, self: URL): boolean {
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
        portMatches(source.port, url) &&
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
