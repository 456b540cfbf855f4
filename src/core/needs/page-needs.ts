import { digest } from '../site/digest.ts'
import type { DirectiveName } from '../csp/directives.ts'
import type { FlaggedAttribute, HashAlgorithm, ScannedPage, SiteContext } from '../site/model.ts'
import { searchStyle } from './search-style.ts'
import { documentBaseUrl, placeOf } from '../site/urls.ts'
import { type Need, need, OWN, sourceOfUrl, urlNeeds } from '../csp/need.ts'
import { foreignStyleNeeds, styleNeeds } from './style-needs.ts'

export interface PageNeedSettings {
  readonly algorithm: HashAlgorithm
  readonly unsafeHashes: boolean
  /** Whether any policy restricts styles and the files that they load; if not, their hashes are not needed. */
  readonly stylesDecided: boolean
}

const PRELOADED: Readonly<Record<string, DirectiveName>> = {
  image: 'img-src',
  font: 'font-src',
  audio: 'media-src',
  video: 'media-src',
  track: 'media-src',
  fetch: 'connect-src',
  worker: 'worker-src',
}

/**
 * The directives in which a hash after `'unsafe-hashes'` allows an attribute.
 * @see https://www.w3.org/TR/CSP3/#effective-directive-for-inline-check
 */
const ATTRIBUTE_DIRECTIVES: Record<FlaggedAttribute['kind'], DirectiveName> = {
  handler: 'script-src-attr',
  'javascript-url': 'script-src-elem',
  style: 'style-src-attr',
}

/** The needs of a page's own markup. */
export function pageNeeds(
  site: Pick<SiteContext, 'base'>,
  page: ScannedPage,
  settings: PageNeedSettings,
): Need[] {
  return [
    ...references(site, page),
    ...resources(site, page, settings),
    ...attributes(site, page, settings),
    ...baseElement(site, page),
    ...icon(page),
  ]
}

/** If `<base>` names another origin, relative URLs resolve to that origin. */
function written(page: ScannedPage, url: string): string {
  const base = page.base && sourceOfUrl(page.base.href)
  if (typeof base !== 'string' || sourceOfUrl(url) !== OWN || !page.base) return url
  return URL.canParse(url, page.base.href) ? new URL(url, page.base.href).href : url
}

function references(site: Pick<SiteContext, 'base'>, page: ScannedPage): Need[] {
  return page.references.flatMap(({ directive, url, element, offset }) =>
    urlNeeds(site, directive, written(page, url), `<${element}> in ${page.path}`, offset),
  )
}

function resources(
  site: Pick<SiteContext, 'base'>,
  page: ScannedPage,
  { algorithm, stylesDecided }: PageNeedSettings,
): Need[] {
  return page.resources.flatMap((resource) => {
    const offset = resource.span.start
    if (resource.kind === 'inline-style') {
      if (!stylesDecided) return []
      const hash = need(
        'style-src',
        `'${digest(resource.text, algorithm)}'`,
        `<style> in ${page.path}`,
        offset,
      )
      return [hash, ...styleNeeds(site, `<style> in ${page.path}`, searchStyle(resource.text), offset)]
    }
    if (resource.kind !== 'stylesheet' && resource.kind !== 'preload') return []
    const why = `<link> in ${page.path}`
    const url = written(page, resource.url)
    const style = resource.kind === 'stylesheet' || resource.as === 'style'
    const directive = style ? 'style-src' : PRELOADED[resource.as ?? '']
    if (!directive) return []
    return [...urlNeeds(site, directive, url, why, offset), ...(style ? foreignStyleNeeds(url, why) : [])]
  })
}

function attributes(
  site: Pick<SiteContext, 'base'>,
  page: ScannedPage,
  { algorithm, unsafeHashes, stylesDecided }: PageNeedSettings,
): Need[] {
  return page.attributes.flatMap(({ kind, name, value, element, offset }) => {
    const why = `${name} of <${element}> in ${page.path}`
    const loaded = kind === 'style' && stylesDecided ? styleNeeds(site, why, searchStyle(value), offset) : []
    if (!unsafeHashes) return loaded
    const texts = kind === 'javascript-url' ? urlTexts(value) : [value]
    const hashed = texts.map((text) => `'${digest(text, algorithm)}'`)
    const hashes = ["'unsafe-hashes'", ...hashed].map((expression) => ({
      ...need(ATTRIBUTE_DIRECTIVES[kind], expression, why, offset),
      asked: true,
    }))
    return [...loaded, ...hashes]
  })
}

/** Engines hash a `javascript:` URL as the URL parser serialises it; some hash it as written. */
function urlTexts(value: string): string[] {
  const written = value.trim()
  return [...new Set([URL.canParse(written) ? new URL(written).href : written, written])]
}

function baseElement(site: Pick<SiteContext, 'base'>, page: ScannedPage): Need[] {
  if (!page.base) return []
  const why = `<base> in ${page.path}`
  const { start } = page.base.span
  const place = placeOf(documentBaseUrl(site, page.path, page.base.href))
  return [need('base-uri', place.kind === 'foreign' ? place.origin : "'self'", why, start)]
}

/** Browsers request `/favicon.ico` if no link names an icon, and Firefox reports it if the policy blocks it. */
function icon(page: ScannedPage): Need[] {
  const named = page.references.some(
    ({ element, directive }) => element === 'link' && directive === 'img-src',
  )
  if (named) return []
  const why = `no icon is named in ${page.path}: browsers ask for /favicon.ico`
  return [{ ...need('img-src', "'self'", why), optional: true }]
}
