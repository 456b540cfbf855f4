import { tryUrl } from '../verify/import-map.ts'
import type { PageItem } from '../verify/page-items.ts'
import { readPage } from '../verify/read-page.ts'

/** The maximum number of pages to read. */
const MOST_PAGES = 20
const ROOT = new URL('https://site.example/')

const urlsOf = (item: PageItem): string[] =>
  item.kind === 'script' || item.kind === 'link' ? [item.url] : []

/** The leading folders to strip from an absolute path so that the rest names a file of the site. */
function foldersAbove(path: string, has: (path: string) => boolean): string | undefined {
  const segments = path.split('/')
  const cut = segments.findIndex((_, index) => has(segments.slice(index).join('/')))
  return cut === -1 ? undefined : ['', ...segments.slice(0, cut), ''].join('/')
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/**
 * Guesses the public base of a finished site from the URLs of scripts and styles in its pages. The scanner has its own
 * guess; this one uses the oracle's own reading of the pages, so that a bug in the scanner cannot hide from the oracle.
 * @returns `./` if pages use only relative URLs, `/` if no URL names a file of the site
 */
export function siteBase(
  pages: readonly string[],
  textOf: (page: string) => string | undefined,
  has: (path: string) => boolean,
): string {
  let relative = false
  for (const page of pages.slice(0, MOST_PAGES)) {
    const items = readPage(textOf(page) ?? '')
    const href = items.flatMap((item) => (item.kind === 'base' ? [item.href] : []))[0] ?? ''
    const document = new URL(page.split('/').map(encodeURIComponent).join('/'), ROOT)
    for (const url of items.flatMap(urlsOf)) {
      const resolved = tryUrl(url, tryUrl(href, document) ?? document)
      if (/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(url) || resolved?.origin !== ROOT.origin) continue
      const path = decoded(resolved.pathname.slice(1))
      const base = url.startsWith('/') || href.startsWith('/') ? foldersAbove(path, has) : undefined
      if (base !== undefined) return base
      relative ||= !url.startsWith('/') && !href.startsWith('/') && has(path)
    }
  }
  return relative ? './' : '/'
}
