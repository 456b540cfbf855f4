import type { IntegrityMetadata, Policy, Source } from '../site/model.ts'

/** @see https://www.w3.org/TR/CSP3/#grammardef-hash-source */
export const hashSource = (hash: IntegrityMetadata, reason: Source['reason']): Source => ({
  expression: `'${hash}'`,
  reason,
})

/** @see https://www.w3.org/TR/CSP3/#grammardef-serialized-policy */
export function serialisePolicy({ directives }: Policy): string {
  return [...directives]
    .map(([name, sources]) => [name, ...sources.map((source) => source.expression)].join(' '))
    .join('; ')
}

/** Several policies as one header value. @see https://www.w3.org/TR/CSP3/#grammardef-serialized-policy-list */
export function serialisePolicies(policies: readonly Policy[]): string {
  return policies.map(serialisePolicy).join(', ')
}
