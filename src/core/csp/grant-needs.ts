import { decidingDirective, type DirectiveName } from './directives.ts'
import type { Policy, Source } from '../site/model.ts'
import type { Need } from './need.ts'
import { covers, isHashOrNonce } from './source-expression.ts'

/** Directives of a policy while it is built. */
export type Directives = Map<string, Source[]>

export interface GrantSettings {
  readonly preset: string
  readonly directives: ReadonlyMap<DirectiveName, readonly string[] | false>
}

const expressions = (sources: readonly Source[] | undefined): string[] =>
  (sources ?? []).map((source) => source.expression)

/** Adds sources to a directive; what was `'none'` before is no longer. */
export function merge(directives: Directives, name: string, added: readonly Source[]): void {
  const present = (directives.get(name) ?? []).filter((source) => source.expression !== "'none'")
  directives.set(name, unique([...present, ...added]))
}

/** Each expression once, with the reason that came first. */
export function unique(sources: readonly Source[]): Source[] {
  const byExpression = new Map<string, Source>()
  addUnique(byExpression, sources)
  return [...byExpression.values()]
}

export function addUnique(byExpression: Map<string, Source>, sources: readonly Source[]): void {
  for (const source of sources)
    if (!byExpression.has(source.expression)) byExpression.set(source.expression, source)
}

/** What the user has closed stays closed, and an `'unsafe-inline'` in force is not switched off by a hash. */
function mayGrant(directives: Directives, { directive, source }: Need, settings: GrantSettings): boolean {
  const own = settings.directives.get(directive)
  if (own === false || own?.includes("'none'")) return false
  const deciding = decidingDirective(directive, directives)
  const list = deciding === undefined ? [] : expressions(directives.get(deciding))
  const hash = isHashOrNonce(source.expression) || source.expression === "'unsafe-hashes'"
  return !(hash && list.includes("'unsafe-inline'") && !list.some(isHashOrNonce))
}

/** Under `scripts-only` no more is granted than what was asked for, and hashes for a `style-src` of the user's own. */
function isWanted(directives: Directives, need: Need, settings: GrantSettings): boolean {
  if (need.asked) return decidingDirective(need.directive, directives) !== undefined
  if (need.directive === 'object-src' || need.directive === 'trusted-types') return false
  if (settings.preset !== 'scripts-only') return true
  return (
    need.directive === 'style-src' && isHashOrNonce(need.source.expression) && directives.has('style-src')
  )
}

/** Directives that one without them falls back to in a way that engines do not share: they are always written out. */
const WRITTEN_OUT: ReadonlySet<string> = new Set(['worker-src'])

/** `script-src-elem` exists under some shapes only; elsewhere its sources go where the decision falls. */
function targetOf(directives: Directives, { directive }: Need): string {
  if (directive === 'script-src-elem' || directive === 'style-src-elem')
    return decidingDirective(directive, directives) ?? directive
  return directive
}

/** Opens a policy for what the build needs and it does not let yet. */
export function grantNeeds(directives: Directives, needs: readonly Need[], settings: GrantSettings): void {
  for (const need of needs) {
    if (!isWanted(directives, need, settings) || !mayGrant(directives, need, settings)) continue
    const target = targetOf(directives, need)
    const written = WRITTEN_OUT.has(target)
    const deciding = written ? target : decidingDirective(need.directive, directives)
    const list = deciding === undefined ? [] : expressions(directives.get(deciding))
    if (deciding === undefined || covers(list, need.source.expression)) continue
    // A directive of its own replaces the one it falls back to, so it begins with what that one lets.
    const begun = directives.has(target) ? [] : inherited(directives, need.directive)
    merge(directives, target, [...begun, need.source])
  }
}

function inherited(directives: Directives, name: DirectiveName): Source[] {
  const deciding = decidingDirective(name, directives)
  const list = (deciding === undefined ? undefined : directives.get(deciding)) ?? []
  // Attributes that the user allows by their hashes stay allowed; nothing else of such a list holds for attributes.
  if (name.endsWith('-attr') && expressions(list).includes("'unsafe-hashes'"))
    return list.filter(({ expression }) => expression === "'unsafe-hashes'" || isHashOrNonce(expression))
  if (name.endsWith('-attr') || (deciding !== 'default-src' && deciding !== 'style-src')) return []
  return list.filter((source) => source.expression !== "'none'")
}

/** What the build needs and the policies refuse. */
export function unmetNeeds(policies: readonly Policy[], needs: readonly Need[]): Need[] {
  const enforced = policies.filter(({ disposition, role }) => disposition === 'enforce' && role === 'main')
  return needs.filter(({ directive, source }) =>
    enforced.some(({ directives }) => {
      const deciding = decidingDirective(directive, directives)
      if (deciding === undefined) return false
      const list = expressions(directives.get(deciding))
      // Workers that fall back to script-src are let by 'strict-dynamic', whatever URL they have.
      if (deciding === 'script-src' && directive === 'worker-src' && list.includes("'strict-dynamic'"))
        return false
      return !covers(list, source.expression)
    }),
  )
}
