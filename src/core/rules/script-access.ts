import { decidingDirective } from '../csp/directives.ts'
import { listsUrl } from '../csp/source-expression.ts'
import type { Policy } from '../site/model.ts'
import { isOwnUrl } from '../site/urls.ts'
import type { RulePage } from './rule.ts'

/** How a script comes to be loaded: by an import, or by an element that a trusted script makes. */
export type ScriptRoute = 'import' | 'element'

function refuses({ directives }: Policy, url: URL, route: ScriptRoute): boolean {
  const name = decidingDirective('script-src-elem', directives)
  if (name === undefined) return false
  const list = (directives.get(name) ?? []).map(({ expression }) => expression)
  // What a trusted script makes is trusted; an import of a script of the page is not.
  if (list.includes("'strict-dynamic'")) return route === 'import'
  return !listsUrl(list, url, isOwnUrl(url))
}

/** Whether the enforced policies of a page keep a script out that is not pinned. */
export function refusesScript(
  { policies }: Pick<RulePage, 'policies'>,
  url: URL,
  route: ScriptRoute,
): boolean {
  return policies.some((policy) => policy.disposition === 'enforce' && refuses(policy, url, route))
}
