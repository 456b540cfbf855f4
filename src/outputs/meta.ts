import { isIgnoredInMeta } from '../core/csp/directives.ts'
import { type Finding, finding } from '../core/findings/index.ts'
import type { Policy } from '../core/site/model.ts'
import { unitePolicies } from '../core/csp/policy.ts'
import type { Delivered, DeliveredPage, Delivery, Output } from './output.ts'

/**
 * Policies as meta tags can carry them: without directives that browsers ignore there, and without those that only
 * report, which a meta would enforce or lose.
 * @see https://html.spec.whatwg.org/multipage/semantics.html#attr-meta-http-equiv-content-security-policy
 */
export function policiesForMeta(policies: readonly Policy[]): Policy[] {
  return policies
    .filter(({ disposition }) => disposition === 'enforce')
    .map((policy) => ({
      ...policy,
      directives: new Map([...policy.directives].filter(([name]) => !isIgnoredInMeta(name))),
    }))
    .filter(({ directives }) => directives.size > 0)
}

/** Whether some other output can send what a meta cannot carry. */
function headerBeside({ outputs }: Delivery): boolean {
  return outputs.some((name) => name !== 'meta' && name !== 'json')
}

/** What the user asked for and does not get is a warning; what a preset adds wherever it can is not worth one. */
function ignoredDirective([directive, byPreset]: readonly [string, boolean]): Finding {
  const found = finding('meta-directive-ignored', { directive })
  return byPreset ? { ...found, severity: 'info' } : found
}

/** The policy of each page in the page itself. */
export const meta: Output = {
  name: 'meta',
  deliver(delivery: Delivery): Delivered {
    const { pages, reporting, integrityPolicy } = delivery
    const alone = !headerBeside(delivery)
    const ignored = new Map<string, boolean>()
    let lost = false
    for (const { policies } of pages) {
      for (const { disposition, directives } of policies) {
        lost ||= alone && disposition === 'report'
        for (const [name, sources] of directives)
          if (isIgnoredInMeta(name))
            ignored.set(
              name,
              sources.every(({ reason }) => reason.kind === 'preset'),
            )
      }
    }
    if (reporting) ignored.set('report-to', false)
    if (integrityPolicy) ignored.set('Integrity-Policy', false)
    // Routers that put the body of the next page into this one run its inline scripts under this one's policy.
    const shared =
      delivery.layout === 'union'
        ? policiesForMeta(unitePolicies(pages.map(({ policies }) => policies)))
        : undefined
    // Made when it is asked for: a site may have tens of thousands of pages.
    let byPath: ReadonlyMap<string, DeliveredPage> | undefined
    return {
      metas: {
        size: pages.length,
        get: (path) => {
          byPath ??= new Map(pages.map((page) => [page.path, page]))
          const page = byPath.get(path)
          return page && (shared ?? policiesForMeta(page.policies))
        },
      },
      findings: [
        ...(alone ? [...ignored].map(ignoredDirective) : []),
        ...(lost ? [finding('report-only-in-meta', {})] : []),
      ],
      place: 'meta',
    }
  },
}
