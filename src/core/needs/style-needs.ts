import type { SiteContext } from '../site/model.ts'
import type { StyleUrl } from './search-style.ts'
import { type Need, need, sourceOfUrl, urlNeeds } from '../csp/need.ts'

/** Hosts whose stylesheets are known to load their fonts from another host. */
const FONT_HOSTS: Readonly<Record<string, string>> = {
  'https://fonts.googleapis.com': 'https://fonts.gstatic.com',
  'fonts.googleapis.com': 'https://fonts.gstatic.com',
  'https://use.typekit.net': 'https://use.typekit.net',
}

const WHAT = { 'img-src': 'an image', 'font-src': 'a font', 'style-src': 'a stylesheet' } as const

/**
 * Needs of a stylesheet from another origin. It cannot be read, so only well-known hosts have more needs than the
 * stylesheet itself.
 */
export function foreignStyleNeeds(url: string, why: string): Need[] {
  const source = sourceOfUrl(url)
  const fonts = typeof source === 'string' ? FONT_HOSTS[source] : undefined
  return fonts === undefined ? [] : [need('font-src', fonts, `${why}, whose fonts come from there`)]
}

/** Needs of the URLs of a stylesheet. `where`: a file, or the page that contains the stylesheet. */
export function styleNeeds(
  site: Pick<SiteContext, 'base'>,
  where: string,
  urls: readonly StyleUrl[],
  offset?: number,
): Need[] {
  return urls.flatMap(({ directive, url }) => {
    const why = `${where} loads ${WHAT[directive]}`
    const needs = urlNeeds(site, directive, url, why, offset)
    return directive === 'style-src' ? [...needs, ...foreignStyleNeeds(url, why)] : needs
  })
}
