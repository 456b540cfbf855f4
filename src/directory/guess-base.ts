import { scanPage } from '../core/html/scan.ts'

/** The maximum number of pages to read. The first root-relative URL of a script or style in the site decides. */
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

/** The base under which a URL in a page resolves to a file of the site; `./` for a relative URL. */
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
 * Guesses the public base from the URLs by which pages load their own files. If a page loads `/docs/app.js` and the
 * site contains `app.js`, the base is `/docs/`. If all such URLs are relative, any base works and the result is `./`.
 * If there are none, it is `/`.
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
