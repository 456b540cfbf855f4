import type { SiteContext } from './model.ts'

/**
 * Placeholder URLs for the place where the site is mounted. An unknown mount point is represented by a directory,
 * so that relative URLs that leave the site can be detected.
 */
const ORIGIN = 'https://csp-hashes.invalid'
const UNKNOWN_MOUNT = `${ORIGIN}/mount-point/`

/** The target of a URL in a page or a chunk. */
export type Target =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'missing'; readonly path: string }
  | { readonly kind: 'outside'; readonly pathname: string }
  | { readonly kind: 'foreign'; readonly url: URL }
  | { readonly kind: 'data'; readonly url: URL }
  | { readonly kind: 'invalid' }

type UrlSite = Pick<SiteContext, 'base' | 'file' | 'has' | 'fileOf' | 'urlOf'>

/**
 * Whether a URL has the origin of the site. Compares `href`, because the `origin` getter creates a new string on
 * every call.
 */
export const isOwnUrl = ({ href }: URL): boolean => href.startsWith(`${ORIGIN}/`)

const isAbsolute = (base: string): boolean => /^(?:[a-z][a-z0-9+.-]*:)?\/\//i.test(base)

/** Whether the mount point is unknown: URLs are relative to the page, and a policy can only use `'self'`. */
export function isRelativeBase(base: string): boolean {
  return base === '' || base.startsWith('.')
}

type Root = Pick<URL, 'href' | 'origin' | 'pathname'>

/**
 * A base that URL parsing would not change. Used to skip the parsing, which is slow when done for each tag of each
 * page.
 */
const PLAIN_BASE = /^\/(?:[\w-]+\/)*$/

/** URL under which files are requested. */
function filesRoot(base: string): Root {
  if (PLAIN_BASE.test(base)) return { href: ORIGIN + base, origin: ORIGIN, pathname: base }
  return isRelativeBase(base) ? new URL(UNKNOWN_MOUNT) : new URL(base, `${ORIGIN}/`)
}

/** URL under which pages are served. If the base is a CDN, pages come from another, unknown place. */
function pagesRoot(base: string): Root {
  return isAbsolute(base) ? new URL(UNKNOWN_MOUNT) : filesRoot(base)
}

/**
 * Encodes a path as the URL parser does. Other characters must stay as they are: an import map key with `%40` does
 * not match a script's import of `./@app.js`.
 */
const encodePath = (path: string): string => `./${path.replace(/[%?#\\ \p{Cc}]/gu, encodeURIComponent)}`

/**
 * The base URL for relative URLs of a page.
 * @see https://html.spec.whatwg.org/multipage/urls-and-fetching.html#document-base-url
 */
export function documentBaseUrl(
  site: Pick<SiteContext, 'base'>,
  page: string,
  baseHref: string | undefined,
): URL {
  const url = new URL(encodePath(page), pagesRoot(site.base).href)
  return baseHref !== undefined && URL.canParse(baseHref, url.href) ? new URL(baseHref, url) : url
}

function decodePath(pathname: string): string | undefined {
  const segments: string[] = []
  for (const segment of pathname.split('/')) {
    let decoded: string
    try {
      decoded = decodeURIComponent(segment)
    } catch {
      return undefined
    }
    if (decoded === '..' || /[/\\\0]/.test(decoded)) return undefined
    segments.push(decoded)
  }
  return segments.join('/')
}

/** Parses in one step: `URL.canParse` costs as much as parsing. */
function parsed(url: string, base: URL): URL | undefined {
  try {
    return new URL(url, base)
  } catch {
    return undefined
  }
}

/** Finds the file of the site for a URL, ignoring query and fragment. */
export function resolveUrl(site: UrlSite, url: string, base: URL): Target {
  const resolved = parsed(url, base)
  if (!resolved) return { kind: 'invalid' }
  if (resolved.protocol === 'data:' || resolved.protocol === 'blob:') return { kind: 'data', url: resolved }
  const rewritten = site.fileOf?.(isOwnUrl(resolved) ? resolved.pathname : resolved.href)
  if (rewritten !== undefined) return { kind: 'file', path: rewritten }
  const files = filesRoot(site.base)
  for (const root of isAbsolute(site.base) ? [files, pagesRoot(site.base)] : [files]) {
    if (resolved.origin !== root.origin || !resolved.pathname.startsWith(root.pathname)) continue
    const path = decodePath(resolved.pathname.slice(root.pathname.length))
    if (path === undefined) break
    const exists = site.has?.(path) ?? site.file(path) !== undefined
    return { kind: exists ? 'file' : 'missing', path }
  }
  if (resolved.origin === ORIGIN || resolved.origin === files.origin)
    return { kind: 'outside', pathname: resolved.pathname }
  return { kind: 'foreign', url: resolved }
}

/**
 * The URLs under which scripts request a file: usually one, but two if Vite writes different URLs into pages and
 * scripts.
 */
export function requestUrls(site: UrlSite, path: string, page: string): URL[] {
  return urlRequester(site, page)(path)
}

/** The URL of a path of the site, from base and path only. */
export function sitePathUrl(site: Pick<SiteContext, 'base'>, path: string): URL {
  return new URL(encodePath(path), filesRoot(site.base).href)
}

/** The URL that a page requests when it names a path from the root. */
export function pageUrl(site: Pick<SiteContext, 'base'>, path: string): URL {
  return new URL(path, pagesRoot(site.base).href)
}

/** {@link requestUrls} for many files. */
export function urlRequester(site: UrlSite, page: string): (path: string) => URL[] {
  const root = filesRoot(site.base).href
  if (!site.urlOf) return (path) => [new URL(encodePath(path), root)]
  const base = documentBaseUrl(site, page, undefined)
  return (path) => {
    const urls = (['html', 'js'] as const).map((type) => {
      const own = site.urlOf?.(path, { path: page, type })
      return own === undefined ? new URL(encodePath(path), root) : new URL(own, base)
    })
    return [...new Map(urls.map((url) => [url.href, url])).values()]
  }
}

/**
 * A request URL in the form in which a page may write it: a path from the root, relative to the document if the
 * mount point is unknown, or a full URL for another origin. The result is always a valid key of an import map.
 */
export function writtenUrl(url: URL, documentBase: URL): string {
  if (!isOwnUrl(url)) return url.href
  if (!url.href.startsWith(UNKNOWN_MOUNT)) return isOwnUrl(documentBase) ? url.pathname : url.href
  if (!documentBase.href.startsWith(UNKNOWN_MOUNT)) return url.pathname
  const from = documentBase.pathname.split('/').slice(0, -1)
  const to = url.pathname.split('/')
  let common = 0
  while (common < from.length && common < to.length - 1 && from[common] === to[common]) common++
  const up = '../'.repeat(from.length - common)
  return `${up || './'}${to.slice(common).join('/')}`
}

/** The location of a requested file, in the form that a policy needs. */
export type Place =
  | { readonly kind: 'mount-unknown' }
  | { readonly kind: 'own-origin'; readonly pathname: string }
  | { readonly kind: 'foreign'; readonly origin: string; readonly pathname: string }

export function placeOf(url: URL): Place {
  if (url.href.startsWith(UNKNOWN_MOUNT)) return { kind: 'mount-unknown' }
  if (isOwnUrl(url)) return { kind: 'own-origin', pathname: url.pathname }
  return { kind: 'foreign', origin: url.origin, pathname: url.pathname }
}
