import type { DirectiveName } from './directives.ts'
import type { SiteContext, Source } from '../site/model.ts'

/** What the build turns out to use, as the source expression that lets it. */
export interface Need {
  readonly directive: DirectiveName
  readonly source: Source
  /** Asked for by an option, so it is granted under every preset. */
  readonly asked: boolean
  /** Nothing is lost without it: browsers request it although nothing asks for it. */
  readonly optional?: true
  /** Where in the page it stands, if it stands there. */
  readonly offset?: number
}

export function need(directive: DirectiveName, expression: string, why: string, offset?: number): Need {
  const source: Source = { expression, reason: { kind: 'need', need: why } }
  return { directive, source, asked: false, ...(offset === undefined ? {} : { offset }) }
}

/** Stands for the place that the site's own files are requested from. */
export const OWN = Symbol('own')

const NETWORK = /^(?:https?|wss?):\/\/[^/?#\s]+/i
const SCHEME = /^[a-z][a-z0-9+.-]*:/i

/**
 * The source expression for a URL as it is written. `undefined` for what is not fetched: a fragment, `mailto:`,
 * `javascript:`, `about:`.
 */
export function sourceOfUrl(url: string): string | typeof OWN | undefined {
  if (url === '' || url.startsWith('#')) return undefined
  const network = NETWORK.exec(url)?.[0]
  if (network) return URL.canParse(network) ? hostSource(new URL(network).origin) : undefined
  // Without a scheme the URL takes that of the page, and so does the source.
  if (url.startsWith('//'))
    return URL.canParse(`https:${url}`) ? hostSource(new URL(`https:${url}`).host) : undefined
  const scheme = SCHEME.exec(url)?.[0].toLowerCase()
  if (scheme === undefined) return OWN
  return ['data:', 'blob:', 'filesystem:'].includes(scheme) ? scheme : undefined
}

/** What a template left in place of a host is no source. */
function hostSource(host: string): string | undefined {
  return /^[\w:/.[\]-]+$/.test(host) ? host : undefined
}

/** From where the site's own files come: `'self'`, and the origin of a CDN that is the base. */
export function ownSources(site: Pick<SiteContext, 'base'>): string[] {
  const cdn = sourceOfUrl(site.base)
  return typeof cdn === 'string' ? ["'self'", cdn] : ["'self'"]
}

/** The needs for a URL: none for what is not fetched. */
export function urlNeeds(
  site: Pick<SiteContext, 'base'>,
  directive: DirectiveName,
  url: string,
  why: string,
  offset?: number,
): Need[] {
  const source = sourceOfUrl(url)
  if (source === undefined) return []
  const expressions = source === OWN ? ownSources(site) : [source]
  return expressions.map((expression) => need(directive, expression, why, offset))
}
