import { decidingDirective } from '../csp/directives.ts'
import { listsUrl } from '../csp/source-expression.ts'
import type { Policy } from '../site/model.ts'
import { isOwnUrl } from '../site/urls.ts'
import type { RulePage } from './rule.ts'

/** How a script is loaded: by an import, or by an element that a trusted script creates. */
export type ScriptRoute = 'import' | 'element'

function refuses({ directives }: Policy, url: URL, route: ScriptRoute): boolean {
  const name = decidingDirective('script-src-elem', directives)
  if (name === undefined) return false
  const list = (directives.get(name) ?? []).map(({ expression }) => expression)
  // 'strict-dynamic' trusts elements that a trusted script creates, but not imports of a parser-inserted script.
  if (list.includes("'strict-dynamic'")) return route === 'import'
  return !listsUrl(list, url, isOwnUrl(url))
}

/** Whether the enforced policies of a page block a script that is not pinned. */
export function refusesScript(
  { policies }: Pick<RulePage, 'policies'>,
  url: URL,
  route: ScriptRoute,
): boolean {
  return policies.some((policy) => policy.disposition === 'enforce' && refuses(policy, url, route))
}
