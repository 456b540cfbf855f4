import type { DirectiveName } from './directives.ts'
import type { SiteContext, Source } from '../site/model.ts'

/** A source expression that the policy must contain because the build uses something that it allows. */
export interface Need {
  readonly directive: DirectiveName
  readonly source: Source
  /** An option asked for it, so it is granted under every preset. */
  readonly asked: boolean
  /** Nothing breaks without it: browsers request the file on their own (such as a favicon). */
  readonly optional?: true
  /** Offset in the page, if the need comes from the page's markup. */
  readonly offset?: number
}

export function need(directive: DirectiveName, expression: string, why: string, offset?: number): Need {
  const source: Source = { expression, reason: { kind: 'need', need: why } }
  return { directive, source, asked: false, ...(offset === undefined ? {} : { offset }) }
}

/** Placeholder for the place that the site's own files are requested from. */
export const OWN = Symbol('own')

const NETWORK = /^(?:https?|wss?):\/\/[^/?#\s]+/i
const SCHEME = /^[a-z][a-z0-9+.-]*:/i

/**
 * The source expression for a URL as written. `undefined` for URLs that are not fetched: fragments, `mailto:`,
 * `javascript:`, `about:`.
 */
export function sourceOfUrl(url: string): string | typeof OWN | undefined {
  if (url === '' || url.startsWith('#')) return undefined
  const network = NETWORK.exec(url)?.[0]
  if (network) return URL.canParse(network) ? hostSource(new URL(network).origin) : undefined
  // A URL without a scheme takes the scheme of the page, and so does its source expression.
  if (url.startsWith('//'))
    return URL.canParse(`https:${url}`) ? hostSource(new URL(`https:${url}`).host) : undefined
  const scheme = SCHEME.exec(url)?.[0].toLowerCase()
  if (scheme === undefined) return OWN
  return ['data:', 'blob:', 'filesystem:'].includes(scheme) ? scheme : undefined
}

/** `undefined` if the host is a template placeholder rather than a host. */
function hostSource(host: string): string | undefined {
  return /^[\w:/.[\]-]+$/.test(host) ? host : undefined
}

/** The sources of the site's own files: `'self'`, and the origin of the CDN if `base` names one. */
export function ownSources(site: Pick<SiteContext, 'base'>): string[] {
  const cdn = sourceOfUrl(site.base)
  return typeof cdn === 'string' ? ["'self'", cdn] : ["'self'"]
}

/** The needs for a URL; empty if the URL is not fetched. */
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
