import { type DirectiveName, SANDBOX_TOKENS, valueKind } from './directives.ts'
import { nearest } from '../text/nearest.ts'

/** @see https://www.w3.org/TR/CSP3/#grammardef-keyword-source */
export const KEYWORDS = [
  "'none'",
  "'self'",
  "'unsafe-inline'",
  "'unsafe-eval'",
  "'wasm-unsafe-eval'",
  "'trusted-types-eval'",
  "'strict-dynamic'",
  "'unsafe-hashes'",
  "'report-sample'",
  "'inline-speculation-rules'",
  "'unsafe-webtransport-hashes'",
] as const

export type Keyword = (typeof KEYWORDS)[number]

const NONCE_OR_HASH =
  /^'(?:nonce|sha256|sha384|sha512|report-sha256|report-sha384|report-sha512)(?:-[A-Za-z0-9+/_-]+={0,2})?'$/
const SCHEME = /^[a-z][a-z0-9+.-]*:$/i
const HOST =
  /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:\*|(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(?::(?:\d+|\*))?(?:\/[^\s;,]*)?$/i
/** Hosts that are valid in URLs but that the grammar of source expressions cannot express. */
const UNNAMEABLE: readonly (readonly [RegExp, string])[] = [
  [/^(?:[a-z][a-z0-9+.-]*:\/\/)?[^/:]*_/i, 'an underscore in its host'],
  [/^(?:[a-z][a-z0-9+.-]*:\/\/)?\[/i, 'an IPv6 address as its host'],
]
const TOKEN = /^[A-Za-z0-9#=_/@.%:*'-]+$/

const bare = (keyword: string) => keyword.slice(1, -1)

/** Whether an expression is a hash or a nonce: either of them switches off `'unsafe-inline'` in the same list. */
export function isHashOrNonce(expression: string): boolean {
  return /^'(?:nonce|sha256|sha384|sha512)-/.test(expression)
}

export const isScheme = (expression: string): boolean => SCHEME.test(expression)

/** Whether an expression is a host or scheme source: not a keyword, a hash or a nonce. */
export function isUrlSource(expression: string): boolean {
  return !expression.startsWith("'")
}

/**
 * The reason why a value is invalid in a directive, with a fix; `undefined` if it is valid.
 * @see https://www.w3.org/TR/CSP3/#framework-directive-source-list
 */
export function sourceError(directive: DirectiveName, expression: string): string | undefined {
  const shown = JSON.stringify(expression)
  if (/[;,]/.test(expression)) {
    return `${shown} holds a ${expression.includes(';') ? 'semicolon' : 'comma'}, which would end the source list: give one source for each entry, and write %3B and %2C inside a path`
  }
  // eslint-disable-next-line no-control-regex -- control characters are just what must be found here
  if (/[\u0000-\u0020\u007F]/.test(expression)) {
    return /[\r\n]/.test(expression)
      ? `${shown} holds a newline, which would end the header: remove it`
      : `${shown} holds white space: give one source for each entry of the list`
  }
  if (expression === '') return 'an empty source: remove it'
  // eslint-disable-next-line no-control-regex -- as above
  if (/[^\u0000-\u007F]/.test(expression))
    return `${shown} is not ASCII: write the host in Punycode and encode the path`
  const kind = valueKind(directive)
  if (kind === 'sources') return listedError(expression, shown)
  if (kind === 'ancestors') {
    return expression.startsWith("'") && expression !== "'self'" && expression !== "'none'"
      ? `${shown} means nothing to ${directive}: it takes 'self', 'none', hosts and schemes`
      : listedError(expression, shown)
  }
  return valueError(directive, expression, shown)
}

/** Validates values of the directives that take no source list. */
function valueError(directive: DirectiveName, expression: string, shown: string): string | undefined {
  if (directive === 'sandbox')
    return SANDBOX_TOKENS.includes(expression) ? undefined : sandboxError(expression, shown)
  if (directive === 'require-trusted-types-for')
    return expression === "'script'" ? undefined : `${shown} is no sink group: there is only "'script'"`
  return directive === 'report-uri' || TOKEN.test(expression)
    ? undefined
    : `${shown} is not a value of ${directive}`
}

function sandboxError(expression: string, shown: string): string {
  const meant = nearest(expression, SANDBOX_TOKENS)
  return `${shown} is no token of sandbox${meant ? `: did you mean "${meant}"?` : `: it takes ${SANDBOX_TOKENS.join(', ')}`}`
}

/** The reason why browsers ignore a source because of its host, `undefined` if they do not. */
export function ignoredHost(expression: string): string | undefined {
  const [, what] = UNNAMEABLE.find(([pattern]) => pattern.test(expression)) ?? []
  if (what === undefined) return undefined
  return `${JSON.stringify(expression)} has ${what}, and browsers ignore such a source: serve it under another name`
}

function listedError(expression: string, shown: string): string | undefined {
  const keyword = KEYWORDS.find((one) => bare(one) === expression.toLowerCase().replace(/^['"`]|['"`]$/g, ''))
  if (keyword) {
    return expression.toLowerCase() === keyword
      ? undefined
      : `${shown} needs single quotes inside the string: write "${keyword}"`
  }
  if (expression.startsWith("'")) {
    if (NONCE_OR_HASH.test(expression)) return undefined
    const meant = nearest(bare(expression), KEYWORDS.map(bare))
    return `${shown} is no keyword, hash or nonce${meant ? `: did you mean "'${meant}'"?` : ''}`
  }
  if (/^(?:sha256|sha384|sha512|nonce)-/.test(expression))
    return `${shown} needs single quotes inside the string: write "'${expression}'"`
  const ignored = ignoredHost(expression)
  if (ignored) return ignored
  if (SCHEME.test(expression) || HOST.test(expression)) return undefined
  return `${shown} is neither a scheme (https:), a host (https://example.com/path/) nor a quoted keyword`
}

const HOST_PARTS = /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/:]+|\[[^\]]+\])(?::(\d+|\*))?(\/.*)?$/i
const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' }

/**
 * Whether an http(s) URL matches one of the URL sources of a list. `own`: the URL has the page's origin.
 * @see https://www.w3.org/TR/CSP3/#match-url-to-source-expression
 */
export function listsUrl(list: readonly string[], url: URL, own: boolean): boolean {
  return list.some((source) => (source === "'self'" ? own : matchesUrl(source, url)))
}

function matchesUrl(source: string, url: URL): boolean {
  if (source === '*' || source === url.protocol || (source === 'http:' && url.protocol === 'https:'))
    return true
  const [, scheme, host = '', port, path] = HOST_PARTS.exec(source) ?? []
  if (host === '' || source.startsWith("'")) return false
  const given = url.protocol.slice(0, -1)
  if (scheme !== undefined && scheme !== given && !(scheme === 'http' && given === 'https')) return false
  const lower = host.toLowerCase()
  const matches =
    lower === '*' ||
    lower === url.hostname ||
    (lower.startsWith('*.') && url.hostname.endsWith(lower.slice(1)))
  const actual = url.port || DEFAULT_PORTS[given]
  if (!matches || (port !== '*' && (port ?? DEFAULT_PORTS[scheme ?? given]) !== actual)) return false
  if (path === undefined || path === '/') return true
  return path.endsWith('/') ? url.pathname.startsWith(path) : url.pathname === path
}
