import { isIgnoredInMeta } from '../core/csp/directives.ts'
import { finding } from '../core/findings/index.ts'
import type { Policy } from '../core/site/model.ts'
import { unitePolicies } from '../core/csp/policy.ts'
import type { Delivered, DeliveredPage, Delivery, Output } from './output.ts'

/**
 * The part of policies that meta tags can carry. Drops directives that browsers ignore there, and report-only policies,
 * because a meta would enforce or lose them.
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

/** True if another output can send the directives that a meta tag cannot carry. */
function headerBeside({ outputs }: Delivery): boolean {
  return outputs.some((name) => !['meta', 'github-pages', 'json'].includes(name))
}

/** Puts the policy of each page into the page itself. */
export const meta: Output = {
  name: 'meta',
  deliver(delivery: Delivery): Delivered {
    const { pages, reporting, integrityPolicy } = delivery
    const alone = !headerBeside(delivery)
    const ignored = new Set<string>()
    let lost = false
    for (const { policies } of pages) {
      for (const { disposition, directives } of policies) {
        lost ||= alone && disposition === 'report'
        for (const [name, sources] of directives)
          // A preset adds these wherever they have an effect, so do not warn about them here.
          if (isIgnoredInMeta(name) && sources.some(({ reason }) => reason.kind !== 'preset'))
            ignored.add(name)
      }
    }
    if (reporting) ignored.add('report-to')
    if (integrityPolicy) ignored.add('Integrity-Policy')
    // A router that swaps in the body of the next page runs its inline scripts under the policy of the current page.
    const shared =
      delivery.layout === 'union'
        ? policiesForMeta(unitePolicies(pages.map(({ policies }) => policies)))
        : undefined
    // Build the map on first use: a site may have tens of thousands of pages.
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
        ...(alone ? [...ignored].map((directive) => finding('meta-directive-ignored', { directive })) : []),
        ...(lost ? [finding('report-only-in-meta', {})] : []),
      ],
      place: 'meta',
    }
  },
}
