import type { Policy } from '../site/model.ts'

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

/** Escapes a value for a double-quoted attribute. */
export function escapeAttribute(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
}

/** JSON that can stand in a script element: `<` would begin an end tag or a comment there. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c')
}
