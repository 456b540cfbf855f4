import { isIgnoredInMeta } from '../core/directives.ts'
import { finding } from '../core/findings.ts'
import type { Policy } from '../core/model.ts'
import type { Delivered, Delivery, Output } from './output.ts'

/** A policy as a meta tag can carry it. @see https://html.spec.whatwg.org/multipage/semantics.html#attr-meta-http-equiv-content-security-policy */
export function policyForMeta(policy: Policy): Policy {
  return { ...policy, directives: new Map([...policy.directives].filter(([name]) => !isIgnoredInMeta(name))) }
}

/** The policy of each page in the page itself. */
export const meta: Output = {
  name: 'meta',
  deliver({ pages }: Delivery): Delivered {
    const ignored = new Set(
      pages.flatMap(({ policies }) =>
        policies.flatMap(({ directives }) => [...directives.keys()].filter(isIgnoredInMeta)),
      ),
    )
    return {
      metas: new Map(pages.map(({ path, policies }) => [path, policies.map(policyForMeta)])),
      findings: [...ignored].map((directive) => finding('meta-directive-ignored', { directive })),
      place: 'meta',
    }
  },
}
