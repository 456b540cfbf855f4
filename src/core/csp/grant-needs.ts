import { decidingDirective, type DirectiveName } from './directives.ts'
import type { Policy, Source } from '../site/model.ts'
import type { Need } from './need.ts'
import { SourceCover } from './source-cover.ts'
import { isHashOrNonce } from './source-expression.ts'

/** Directives of a policy that is being built. */
export type Directives = Map<string, Source[]>

export interface GrantSettings {
  readonly preset: string
  readonly directives: ReadonlyMap<DirectiveName, readonly string[] | false>
}

const expressions = (sources: readonly Source[] | undefined): string[] =>
  (sources ?? []).map((source) => source.expression)

/** Adds sources to a directive, and drops its `'none'`. */
export function merge(directives: Directives, name: string, added: readonly Source[]): void {
  const present = (directives.get(name) ?? []).filter((source) => source.expression !== "'none'")
  directives.set(name, unique([...present, ...added]))
}

/** Removes duplicate expressions; the reason that came first is kept. */
export function unique(sources: readonly Source[]): Source[] {
  const byExpression = new Map<string, Source>()
  addUnique(byExpression, sources)
  return [...byExpression.values()]
}

export function addUnique(byExpression: Map<string, Source>, sources: readonly Source[]): void {
  for (const source of sources)
    if (!byExpression.has(source.expression)) byExpression.set(source.expression, source)
}

/** Collects sources that are added to directives one at a time, and writes each directive once at the end. */
class OpenDirectives {
  private readonly opened = new Map<string, { readonly sources: Map<string, Source>; cover: SourceCover }>()

  constructor(readonly directives: Directives) {}

  /** The sources that a directive allows; an empty cover if the policy has no such directive. */
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

/**
 * A directive that the user set to `false` or `'none'` stays closed. A hash is not added next to an active
 * `'unsafe-inline'`, because it would switch the keyword off.
 */
function mayGrant(open: OpenDirectives, { directive, source }: Need, settings: GrantSettings): boolean {
  const own = settings.directives.get(directive)
  if (own === false || own?.includes("'none'")) return false
  const hash = isHashOrNonce(source.expression) || source.expression === "'unsafe-hashes'"
  return !(hash && open.cover(decidingDirective(directive, open.directives)).letsInline)
}

/**
 * Under `scripts-only`, grants only the needs that an option asked for, and hashes for a `style-src` that the user
 * set.
 */
function isWanted({ directives }: OpenDirectives, need: Need, settings: GrantSettings): boolean {
  if (need.asked) return decidingDirective(need.directive, directives) !== undefined
  if (need.directive === 'object-src' || need.directive === 'trusted-types') return false
  if (settings.preset !== 'scripts-only') return true
  return (
    need.directive === 'style-src' && isHashOrNonce(need.source.expression) && directives.has('style-src')
  )
}

/** Engines disagree about the fallback of these directives, so they are always written out. */
const WRITTEN_OUT: ReadonlySet<string> = new Set(['worker-src'])

/** Some policy shapes have no `script-src-elem`; there the source goes into the directive that applies instead. */
function targetOf(directives: Directives, { directive }: Need): string {
  if (directive === 'script-src-elem' || directive === 'style-src-elem')
    return decidingDirective(directive, directives) ?? directive
  return directive
}

/** Adds to a policy the sources that the build needs and that the policy does not allow yet. */
export function grantNeeds(directives: Directives, needs: readonly Need[], settings: GrantSettings): void {
  const open = new OpenDirectives(directives)
  for (const need of needs) {
    if (!isWanted(open, need, settings) || !mayGrant(open, need, settings)) continue
    const target = targetOf(directives, need)
    const written = WRITTEN_OUT.has(target)
    const deciding = written ? target : decidingDirective(need.directive, directives)
    if (deciding === undefined || open.cover(deciding).covers(need.source.expression)) continue
    // A new directive replaces its fallback, so it starts with the sources that the fallback allows.
    const begun = directives.has(target) ? [] : inherited(open, need.directive)
    open.add(target, [...begun, need.source])
  }
  open.close()
}

function inherited(open: OpenDirectives, name: DirectiveName): Source[] {
  const deciding = decidingDirective(name, open.directives)
  const list = deciding === undefined ? [] : open.sources(deciding)
  // Attributes that the user allowed by hash stay allowed; no other source of the fallback applies to attributes.
  if (name.endsWith('-attr') && expressions(list).includes("'unsafe-hashes'"))
    return list.filter(({ expression }) => expression === "'unsafe-hashes'" || isHashOrNonce(expression))
  if (name.endsWith('-attr') || (deciding !== 'default-src' && deciding !== 'style-src')) return []
  return list.filter((source) => source.expression !== "'none'")
}

/** The needs of the build that the policies refuse. */
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
      // If workers fall back to script-src, 'strict-dynamic' allows them whatever their URL.
      if (deciding === 'script-src' && directive === 'worker-src' && cover.covers("'strict-dynamic'"))
        return false
      return !cover.covers(source.expression)
    }),
  )
}
