import { scanPage } from '../core/scan.ts'

/** So many pages are looked at: the first one with a script or style of the site decides. */
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

function baseOf(url: string, page: string, has: (path: string) => boolean): string | undefined {
  const [path = ''] = url.split(/[?#]/)
  if (path === '' || /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(path)) return undefined
  let decoded: string
  try {
    decoded = decodeURI(path)
  } catch {
    return undefined
  }
  if (decoded.startsWith('/')) return fromRoot(decoded, has)
  const resolved = new URL(decoded, `file:///${page}`).pathname.slice(1)
  return has(decodeURI(resolved)) ? './' : undefined
}

/**
 * The public base, from how pages name their own files: `/` where none does. A path from the root that names a file
 * only without its first segments was written for that base.
 */
export function guessBase(
  pages: readonly string[],
  read: (page: string) => string | undefined,
  has: (path: string) => boolean,
): string {
  for (const page of pages.slice(0, MOST_PAGES)) {
    const html = read(page)
    if (html === undefined) continue
    let relative = false
    for (const resource of scanPage(page, html).resources) {
      const base = 'url' in resource ? baseOf(resource.url, page, has) : undefined
      if (base === './') relative = true
      else if (base !== undefined) return base
    }
    if (relative) return './'
  }
  return '/'
}
