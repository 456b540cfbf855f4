import { option } from '../core/findings/option.ts'
import type { HashAlgorithm, Policy } from '../core/site/model.ts'
import { type HeaderField, policyFields } from './fields.ts'
import { type FieldLimit, fits, type HostLimits, shapeFields } from './limits.ts'

/** Length of a hash in base64. */
const HASH_LENGTH: Readonly<Record<HashAlgorithm, number>> = { sha256: 44, sha384: 64, sha512: 88 }

export const formatCount = (count: number): string => new Intl.NumberFormat('en-US').format(count)

/** Replaces hashes with placeholders of another algorithm. Only the length of the result is meaningful. */
function withAlgorithm(policies: readonly Policy[], from: HashAlgorithm, to: HashAlgorithm): Policy[] {
  const expression = `'${to}-${'A'.repeat(HASH_LENGTH[to])}'`
  return policies.map((policy) => ({
    ...policy,
    directives: new Map(
      [...policy.directives].map(([name, sources]) => [
        name,
        sources.map((source) =>
          source.expression.startsWith(`'${from}-`) ? { ...source, expression } : source,
        ),
      ]),
    ),
  }))
}

export interface Overflow {
  readonly policies: readonly Policy[]
  readonly algorithm: HashAlgorithm
  readonly limits: readonly HostLimits[]
  readonly field: HeaderField
  readonly limit: FieldLimit
  /** Layouts that would fit. */
  readonly layouts: readonly string[]
}

/** Suggests ways to make a policy fit, as one sentence. Every option in it has been checked to fit. */
export function waysOut({ policies, algorithm, limits, field, limit, layouts }: Overflow): string {
  const lengthWith = (other: HashAlgorithm): number | undefined => {
    if (HASH_LENGTH[other] >= HASH_LENGTH[algorithm]) return undefined
    const fields = shapeFields(withAlgorithm(policies, algorithm, other), limits)
    return fits(fields, limits) ? Math.max(...fields.map((one) => limit.measured(one).length)) : undefined
  }
  const ways = layouts.map((layout) => option({ layout }))
  for (const other of ['sha384', 'sha256'] as const) {
    const length = lengthWith(other)
    if (length !== undefined) ways.push(`${option({ algorithm: other })} (${formatCount(length)} characters)`)
  }
  const excess = limit.measured(field).length - limit.characters
  const fewer = Math.ceil(excess / (HASH_LENGTH[algorithm] + `'${algorithm}-' `.length))
  const set = ways.length > 0 ? ways.join(', or ') : option({ output: 'meta' })
  return `Set ${set}, or save ${formatCount(fewer)} hashes, for example by moving inline scripts into files.`
}

/** Counts the source expressions in all policies that share a header. */
export function countSources(policies: readonly Policy[], { name }: HeaderField): number {
  const own = policies.filter((policy) => policyFields([policy])[0]?.name === name)
  return own.reduce(
    (sum, { directives }) => sum + [...directives.values()].reduce((n, list) => n + list.length, 0),
    0,
  )
}
