import { scanPage } from '../core/html/scan.ts'

/** So many pages are looked at: the first path from the root that names a script or style of the site decides. */
const MOST_PAGES = 20

function fromRoot(pathname: string, has: (path: string) => boolean): string | undefined {
  const segments = pathname.slice(1).split('/')
  for (let cut = 0; cut < segments.length; cut++) {
    if (has(segments.slice(cut).join('/')))
      return `/${segments
        .slice(0, cut)
        .map((one) => `${one}/`)
        .join('')}`
  }
  return undefined
}

/** The base under which a URL of a page names a file of the site; `./` if any does. */
function baseOf(
  url: string,
  page: string,
  baseHref: string | undefined,
  has: (path: string) => boolean,
): string | undefined {
  if (/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(url)) return undefined
  const document = `file:///${page}`
  const base =
    baseHref !== undefined && URL.canParse(baseHref, document) ? new URL(baseHref, document) : document
  if (!URL.canParse(url, base.toString())) return undefined
  const { protocol, pathname } = new URL(url, base)
  if (protocol !== 'file:') return undefined
  let decoded: string
  try {
    decoded = decodeURIComponent(pathname)
  } catch {
    return undefined
  }
  if (url.startsWith('/') || baseHref?.startsWith('/') === true) return fromRoot(decoded, has)
  return has(decoded.slice(1)) ? './' : undefined
}

/**
 * The public base, from how pages name their own files: `/` where none does. A path from the root that names a file
 * only without its first segments was written for that base. Relative names alone fit any base.
 */
export function guessBase(
  pages: readonly string[],
  read: (page: string) => string | undefined,
  has: (path: string) => boolean,
): string {
  let relative = false
  for (const page of pages.slice(0, MOST_PAGES)) {
    const html = read(page)
    if (html === undefined) continue
    const { resources, base: element } = scanPage(page, html)
    for (const resource of resources) {
      const base = 'url' in resource ? baseOf(resource.url, page, element?.href, has) : undefined
      if (base === './') relative = true
      else if (base !== undefined) return base
    }
  }
  return relative ? './' : '/'
}
