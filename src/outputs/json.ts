import type { Policy, SourceReason } from '../core/site/model.ts'
import { unitePolicies } from '../core/csp/policy.ts'
import { serialisePolicy } from '../core/csp/serialise.ts'
import { type HeaderField, policyFields, POLICY_HEADERS } from './fields.ts'
import type { Delivered, Delivery, Output } from './output.ts'
import { requestPaths } from './request-paths.ts'
import { accompanyingFields, withReporting } from './reporting.ts'

const FILE = 'csp-hashes.json'

/** Increase this when readers of an older version could misread the file. */
export const manifestVersion = 1

/** Omits positions, because the first run itself moves the inline scripts. The hash identifies a script anyway. */
function lasting(reason: SourceReason): object {
  if (reason.kind !== 'inline') return reason
  const { kind, page, what } = reason
  return { kind, page, what }
}

function describe(policy: Policy): object {
  return {
    role: policy.role,
    disposition: policy.disposition,
    header: POLICY_HEADERS[policy.disposition],
    value: serialisePolicy(policy),
    directives: [...policy.directives].map(([name, sources]) => ({
      name,
      sources: sources.map(({ expression, reason }) => ({ expression, reason: lasting(reason) })),
    })),
  }
}

/** The header fields for policies, and the fields that accompany them. */
export function headersOf(
  policies: readonly Policy[],
  delivery: Pick<Delivery, 'reporting' | 'integrityPolicy'>,
): HeaderField[] {
  return [...policyFields(withReporting(policies, delivery.reporting)), ...accompanyingFields(delivery)]
}

/**
 * A host-independent manifest for hosts and servers without an output of their own: the policies of each page, the
 * sources of each policy with their reasons, and the union of all pages. Its schema is `schema/csp-hashes.schema.json`
 * in the package.
 */
export const json: Output = {
  name: 'json',
  deliver(delivery: Delivery): Delivered {
    const { pages, base, reporting } = delivery
    const sent = (policies: readonly Policy[]): readonly Policy[] => withReporting(policies, reporting)
    const united = unitePolicies(pages.map(({ policies }) => policies))
    const manifest = {
      version: manifestVersion,
      base,
      union: {
        headers: headersOf(united, delivery),
        policies: sent(united).map(describe),
      },
      pages: pages.map(({ path, policies }) => ({
        path,
        requestPaths: requestPaths(path),
        headers: headersOf(policies, delivery),
        policies: sent(policies).map(describe),
      })),
    }
    return {
      files: [{ root: 'site', path: FILE, content: `${JSON.stringify(manifest, undefined, 2)}\n` }],
      place: FILE,
    }
  },
}
