import { decidingDirective, type DirectiveName } from './directives.ts'
import type { Policy, Source } from '../site/model.ts'
import type { Need } from './need.ts'
import { SourceCover } from './source-cover.ts'
import { isHashOrNonce } from './source-expression.ts'

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

/** Directives to which one source after the other is added: in the end each is written once. */
class OpenDirectives {
  private readonly opened = new Map<string, { readonly sources: Map<string, Source>; cover: SourceCover }>()

  constructor(readonly directives: Directives) {}

  /** What the sources of a directive let; nothing where there is no such directive. */
  cover(name: string | undefined): SourceCover {
    return name === undefined ? new SourceCover() : this.open(name).cover
  }

  add(name: string, added: readonly Source[]): void {
    const opened = this.open(name)
    if (opened.sources.delete("'none'")) opened.cover = new SourceCover(opened.sources.keys())
    addUnique(opened.sources, added)
    for (const { expression } of added) opened.cover.add(expression)
    if (!this.directives.has(name)) this.directives.set(name, [])
  }

  sources(name: string): Source[] {
    return [...this.open(name).sources.values()]
  }

  close(): void {
    for (const name of this.opened.keys())
      if (this.directives.has(name)) this.directives.set(name, this.sources(name))
  }

  private open(name: string) {
    const known = this.opened.get(name)
    if (known) return known
    const sources = new Map<string, Source>()
    addUnique(sources, this.directives.get(name) ?? [])
    const opened = { sources, cover: new SourceCover(sources.keys()) }
    this.opened.set(name, opened)
    return opened
  }
}

/** What the user has closed stays closed, and an `'unsafe-inline'` in force is not switched off by a hash. */
function mayGrant(open: OpenDirectives, { directive, source }: Need, settings: GrantSettings): boolean {
  const own = settings.directives.get(directive)
  if (own === false || own?.includes("'none'")) return false
  const hash = isHashOrNonce(source.expression) || source.expression === "'unsafe-hashes'"
  return !(hash && open.cover(decidingDirective(directive, open.directives)).letsInline)
}

/** Under `scripts-only` no more is granted than what was asked for, and hashes for a `style-src` of the user's own. */
function isWanted({ directives }: OpenDirectives, need: Need, settings: GrantSettings): boolean {
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
  const open = new OpenDirectives(directives)
  for (const need of needs) {
    if (!isWanted(open, need, settings) || !mayGrant(open, need, settings)) continue
    const target = targetOf(directives, need)
    const written = WRITTEN_OUT.has(target)
    const deciding = written ? target : decidingDirective(need.directive, directives)
    if (deciding === undefined || open.cover(deciding).covers(need.source.expression)) continue
    // A directive of its own replaces the one it falls back to, so it begins with what that one lets.
    const begun = directives.has(target) ? [] : inherited(open, need.directive)
    open.add(target, [...begun, need.source])
  }
  open.close()
}

function inherited(open: OpenDirectives, name: DirectiveName): Source[] {
  const deciding = decidingDirective(name, open.directives)
  const list = deciding === undefined ? [] : open.sources(deciding)
  // Attributes that the user allows by their hashes stay allowed; nothing else of such a list holds for attributes.
  if (name.endsWith('-attr') && expressions(list).includes("'unsafe-hashes'"))
    return list.filter(({ expression }) => expression === "'unsafe-hashes'" || isHashOrNonce(expression))
  if (name.endsWith('-attr') || (deciding !== 'default-src' && deciding !== 'style-src')) return []
  return list.filter((source) => source.expression !== "'none'")
}

/** What the build needs and the policies refuse. */
export function unmetNeeds(policies: readonly Policy[], needs: readonly Need[]): Need[] {
  const enforced = policies
    .filter(({ disposition, role }) => disposition === 'enforce' && role === 'main')
    .map(
      ({ directives }) =>
        new OpenDirectives(new Map([...directives].map(([name, list]) => [name, [...list]]))),
    )
  return needs.filter(({ directive, source }) =>
    enforced.some((open) => {
      const deciding = decidingDirective(directive, open.directives)
      if (deciding === undefined) return false
      const cover = open.cover(deciding)
      // Workers that fall back to script-src are let by 'strict-dynamic', whatever URL they have.
      if (deciding === 'script-src' && directive === 'worker-src' && cover.covers("'strict-dynamic'"))
        return false
      return !cover.covers(source.expression)
    }),
  )
}
