import type { Policy } from '../core/site/model.ts'
import { serialisePolicies } from '../core/csp/serialise.ts'

/** A header field of a response. */
export interface HeaderField {
  readonly name: string
  readonly value: string
}

/** The header name for each disposition of a policy. @see https://www.w3.org/TR/CSP3/#csp-header */
export const POLICY_HEADERS: Readonly<Record<Policy['disposition'], string>> = {
  enforce: 'Content-Security-Policy',
  report: 'Content-Security-Policy-Report-Only',
}

/**
 * Without this header, browsers run a file of any type as a script, even an uploaded text file in a directory that a
 * policy allows.
 * @see https://fetch.spec.whatwg.org/#x-content-type-options-header
 */
export const NOSNIFF: HeaderField = { name: 'X-Content-Type-Options', value: 'nosniff' }

export const isNosniff = ({ name }: Pick<HeaderField, 'name'>): boolean =>
  name.toLowerCase() === NOSNIFF.name.toLowerCase()

const DISPOSITIONS = ['enforce', 'report'] as const

/** Converts policies to header fields: one per disposition, joined with commas, or one per policy. */
export function policyFields(
  policies: readonly Policy[],
  shape: 'joined' | 'separate' = 'joined',
): HeaderField[] {
  return DISPOSITIONS.flatMap((disposition) => {
    const own = policies.filter((policy) => policy.disposition === disposition)
    const groups = shape === 'joined' ? [own] : own.map((policy) => [policy])
    return groups
      .filter((group) => group.length > 0)
      .map((group) => ({ name: POLICY_HEADERS[disposition], value: serialisePolicies(group) }))
  })
}

/** Header values by lower-case name. Values of the same name are joined with commas, as browsers do. */
export function byName(fields: readonly HeaderField[]): Map<string, string> {
  const values = new Map<string, string>()
  for (const { name, value } of fields) {
    const present = values.get(name.toLowerCase())
    values.set(name.toLowerCase(), present === undefined ? value : `${present}, ${value}`)
  }
  return values
}
