import { type DirectiveName, writtenOrder } from './directives.ts'
import { addUnique, type Directives, grantNeeds, merge, unique } from './grant-needs.ts'
import type { Policy, Source, SourceReason } from '../site/model.ts'
import type { Need } from './need.ts'
import { isHashOrNonce, isUrlSource } from './source-expression.ts'

/** Name of the Trusted Types policy through which the loader assigns script URLs. */
export const LOADER_POLICY = 'csp-hashes'

export type ScriptShape = 'strict' | 'dynamic' | 'loader'
export type Preset = 'scripts-only' | 'basic' | 'tight'

/** The facts about one page from which its policy is built. */
export interface PolicyFacts {
  /** Hashes of the inline scripts that a browser runs or checks against the policy. */
  readonly inlineScripts: readonly Source[]
  /** Hashes of every script file that the page can reach, and the hashes in its `integrity` attributes. */
  readonly scriptFiles: readonly Source[]
  /** Directories and exact paths from which the page's own scripts come. */
  readonly scriptLocations: readonly Source[]
  /** Origins of other sites from which the page loads scripts. */
  readonly foreignScripts: readonly Source[]
  /** Sources that the page and its files need in addition to scripts. */
  readonly needs?: readonly Need[]
}

export interface PolicySettings {
  readonly scripts: ScriptShape
  readonly fence: boolean
  readonly preset: Preset
  readonly directives: ReadonlyMap<DirectiveName, readonly string[] | false>
  readonly reportOnly: boolean
  /**
   * Names of the Trusted Types policies that code may create. An empty list stands for the names that the code is
   * seen to create; `undefined` if Trusted Types are not required.
   */
  readonly trustedTypes: readonly string[] | undefined
  /** The placeholder that a server replaces by a nonce, `undefined` for none. */
  readonly nonce: string | undefined
}

const stated = (reason: SourceReason, ...expressions: string[]): Source[] =>
  expressions.map((expression) => ({ expression, reason }))

const PRESETS: Record<Preset, Readonly<Record<string, readonly string[]>>> = {
  'scripts-only': { 'object-src': ["'none'"], 'base-uri': ["'none'"] },
  basic: {
    'default-src': ["'self'"],
    'frame-ancestors': ["'self'"],
    'form-action': ["'self'"],
    'object-src': ["'none'"],
    'base-uri': ["'none'"],
  },
  tight: {
    'default-src': ["'none'"],
    'frame-ancestors': ["'self'"],
    'form-action': ["'none'"],
    'object-src': ["'none'"],
    'base-uri': ["'none'"],
    'worker-src': ["'none'"],
  },
}

/** Fallbacks for engines without `'strict-dynamic'` or without hashes; all other engines ignore them. */
const FALLBACK = ['https:', "'unsafe-inline'"]

function scriptDirectives(facts: PolicyFacts, shape: ScriptShape): Directives {
  const reason: SourceReason = { kind: 'shape', shape }
  const { inlineScripts, scriptFiles, scriptLocations, foreignScripts } = facts
  const directives: Directives = new Map()
  const located = shape === 'strict' ? scriptLocations.length : 0
  if (inlineScripts.length + scriptFiles.length + foreignScripts.length + located === 0) {
    return directives.set('script-src', stated(reason, "'none'"))
  }
  // Without any hash, 'unsafe-inline' would be in force. If the page has no inline scripts, list its script files.
  const hashes =
    shape === 'strict' && inlineScripts.length > 0 ? inlineScripts : [...inlineScripts, ...scriptFiles]
  // If the page only loads scripts that the user trusts without a pin, there is no hash at all.
  const fallback = hashes.length > 0 ? FALLBACK : FALLBACK.filter((one) => one !== "'unsafe-inline'")
  directives.set('script-src', unique([...hashes, ...stated(reason, "'strict-dynamic'", ...fallback)]))
  if (shape === 'strict') {
    const elements = unique([...inlineScripts, ...scriptLocations, ...foreignScripts])
    directives.set('script-src-elem', elements.length > 0 ? elements : stated(reason, "'none'"))
  }
  return directives
}

/** @see https://www.w3.org/TR/trusted-types/#integration-with-content-security-policy */
function trustedTypes(main: Directives, facts: PolicyFacts, { trustedTypes, scripts }: PolicySettings): void {
  if (trustedTypes === undefined) return
  const reason: SourceReason = { kind: 'option', option: 'trustedTypes' }
  const seen = (facts.needs ?? []).filter(({ directive }) => directive === 'trusted-types')
  const names = trustedTypes.length === 0 ? seen.map(({ source }) => source) : stated(reason, ...trustedTypes)
  const loader = scripts === 'loader' ? stated({ kind: 'shape', shape: scripts }, LOADER_POLICY) : []
  const all = unique([...loader, ...names])
  merge(main, 'require-trusted-types-for', stated(reason, "'script'"))
  merge(main, 'trusted-types', all.length > 0 ? all : stated(reason, "'none'"))
}

/** Adds the nonce next to the hashes. The fence must not contain one. */
function nonces(main: Directives, nonce: string | undefined): void {
  if (nonce === undefined) return
  const source = stated({ kind: 'option', option: 'nonce' }, `'nonce-${nonce}'`)
  for (const name of ['script-src', 'script-src-elem', 'style-src']) {
    const list = main.get(name)
    const idle = name === 'style-src' && list?.some(({ expression }) => expression === "'unsafe-inline'")
    if (list && !idle)
      main.set(name, unique([...source, ...list.filter(({ expression }) => expression !== "'none'")]))
  }
}

/**
 * Applies the user's directives to those of the preset: values are added, `false` removes the directive, `'none'`
 * replaces it. Removing `script-src` also removes `script-src-elem`: on its own it would leave handlers and eval
 * unrestricted. Sources added to `script-src` are also added to `script-src-elem` and to the fence, otherwise they
 * would have no effect.
 */
function applyUser(main: Directives, fence: Directives | undefined, settings: PolicySettings): void {
  for (const [name, values] of settings.directives) {
    if (values === false) {
      main.delete(name)
      if (name === 'script-src' && !settings.directives.get('script-src-elem')) main.delete('script-src-elem')
      continue
    }
    const sources = stated({ kind: 'option', option: `directives['${name}']` }, ...values)
    if (values.includes("'none'")) main.set(name, sources)
    else merge(main, name, sources)
    if (name !== 'script-src' && name !== 'script-src-elem') continue
    const urls = sources.filter((source) => isUrlSource(source.expression))
    const hashes = sources.filter((source) => isHashOrNonce(source.expression))
    if (name === 'script-src' && main.has('script-src-elem'))
      merge(main, 'script-src-elem', [...urls, ...hashes])
    if (fence) merge(fence, 'script-src-elem', urls)
  }
}

function ordered(directives: Directives): Directives {
  return new Map(
    writtenOrder(directives.keys()).map((name) => [name, hashesFirst(directives.get(name) ?? [])]),
  )
}

/** Builds the policies of one page; the main policy, which evaluators read, comes first. */
export function buildPolicies(facts: PolicyFacts, settings: PolicySettings): Policy[] {
  const { scripts, preset } = settings
  const disposition = settings.reportOnly ? 'report' : 'enforce'
  const main: Directives = scriptDirectives(facts, scripts)
  const presetReason: SourceReason = { kind: 'preset', preset }
  for (const [name, values] of Object.entries(PRESETS[preset]))
    merge(main, name, stated(presetReason, ...values))
  const scripted = main.get('script-src')?.some((source) => source.expression !== "'none'")
  const fenced = settings.fence && scripted && settings.directives.get('script-src') !== false
  const fence: Directives | undefined = fenced
    ? new Map([
        [
          'script-src-elem',
          unique([
            ...stated({ kind: 'shape', shape: 'fence' }, "'self'", "'unsafe-inline'"),
            ...facts.foreignScripts,
          ]),
        ],
      ])
    : undefined
  applyUser(main, fence, settings)
  grantNeeds(main, facts.needs ?? [], settings)
  nonces(main, settings.nonce)
  trustedTypes(main, facts, settings)
  const policies: Policy[] = [{ role: 'main', disposition, directives: ordered(main) }]
  if (fence) policies.push({ role: 'fence', disposition, directives: fence })
  return policies
}

/**
 * Merges the policies of all pages into one set that lets every page run: the union of their sources, per role.
 * Pages without scripts have no fence; the union has one as soon as any page does.
 */
export function unitePolicies(pages: Iterable<readonly Policy[]>): Policy[] {
  const united = new Map<string, { policy: Policy; directives: Map<string, Map<string, Source>> }>()
  for (const policies of pages) {
    for (const policy of policies) {
      const key = `${policy.role} ${policy.disposition}`
      const entry = united.get(key) ?? { policy, directives: new Map() }
      united.set(key, entry)
      for (const [name, sources] of policy.directives) {
        const byExpression = entry.directives.get(name) ?? new Map<string, Source>()
        entry.directives.set(name, byExpression)
        addUnique(byExpression, sources)
      }
    }
  }
  return [...united.values()].map(({ policy, directives }) => ({
    ...policy,
    directives: ordered(
      new Map([...directives].map(([name, sources]) => [name, [...withoutIdleNone([...sources.values()])]])),
    ),
  }))
}

const isHash = ({ expression }: Source): boolean => isHashOrNonce(expression)

function hashesFirst(sources: readonly Source[]): Source[] {
  return [...sources.filter(isHash), ...sources.filter((source) => !isHash(source))]
}

function withoutIdleNone(sources: readonly Source[]): readonly Source[] {
  const others = sources.filter((source) => source.expression !== "'none'")
  return others.length > 0 ? others : sources
}
