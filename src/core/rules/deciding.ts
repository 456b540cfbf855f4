import { decidingDirective, type DirectiveName } from '../csp/directives.ts'
import { enforced, type RulePage } from './rule.ts'

/** The directive that decides about what `name` would, with its expressions. `undefined`: nothing is refused. */
export function deciding(
  page: RulePage,
  name: DirectiveName,
): { readonly directive: DirectiveName; readonly list: readonly string[] } | undefined {
  const directives = enforced(page)?.directives
  const directive = directives && decidingDirective(name, directives)
  if (!directive) return undefined
  return { directive, list: (directives.get(directive) ?? []).map((source) => source.expression) }
}
