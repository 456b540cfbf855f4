import { SourceCover } from '../csp/source-cover.ts'
import { type Finding, finding } from '../findings/index.ts'
import { type Service, serviceOf, SERVICES } from '../needs/services.ts'
import { deciding, type Rule, type RulePage } from './rule.ts'

export type Sources = Readonly<Record<string, readonly string[]>>

/**
 * Sources that services need in addition to their scripts and that the policy lacks, by directive, in the form of
 * the option `directives`.
 */
export function missingSources(page: RulePage, services: readonly Service[]): Sources {
  const missing: Record<string, readonly string[]> = {}
  for (const { directives = {} } of services)
    for (const [name, sources] of Object.entries(directives)) {
      const directive = name as keyof typeof directives
      const decider = deciding(page, directive)
      const cover = new SourceCover(decider?.list)
      const wanted = sources.filter((source) => decider && !cover.covers(source))
      if (!decider || wanted.length === 0) continue
      // A new directive replaces its fallback, so it must repeat the fallback's sources.
      const begun =
        decider.directive === directive ? [] : decider.list.filter((source) => source !== "'none'")
      missing[name] = [...new Set([...(missing[name] ?? begun), ...wanted])]
    }
  return missing
}

/** The services whose scripts the page may load. */
function servicesOf({ page, settings }: RulePage): Service[] {
  const tags = page.resources.flatMap((one) => (one.kind === 'external-script' ? [one.url] : []))
  const keys = [...settings.external.keys()]
  const named = new Set([...tags, ...keys].map((url) => serviceOf(url)))
  return SERVICES.filter(
    (service) => named.has(service) || service.external.some((key) => keys.includes(key)),
  )
}

/**
 * `external: { 'https://js.stripe.com': true }` under `tight`: the script runs, but its frames and requests are
 * blocked.
 * @see https://www.w3.org/TR/CSP3/#directives-fetch
 */
export const serviceBlocked: Rule = (page) =>
  servicesOf(page).flatMap((service): Finding[] => {
    const directives = missingSources(page, [service])
    const needs = Object.entries(service.directives ?? {}).flatMap(([name, sources]) =>
      directives[name] === undefined ? [] : [`${name} ${sources.join(' ')}`],
    )
    return needs.length === 0
      ? []
      : [finding('service-blocked', { service: service.name, needs: needs.join('; '), directives })]
  })
