import { isIgnoredInMeta } from '../core/csp/directives.ts'
import { type Finding, finding } from '../core/findings/index.ts'
import { option } from '../core/findings/option.ts'
import type { Policy } from '../core/site/model.ts'
import { unitePolicies } from '../core/csp/policy.ts'
import { byName, type HeaderField, isNosniff, POLICY_HEADERS } from './fields.ts'
import { exceeded, fits, type HostLimits, shapeFields } from './limits.ts'
import { policiesForMeta } from './meta.ts'
import type { Delivery, Layout } from './output.ts'
import { accompanyingFields, withReporting } from './reporting.ts'
import { countSources, waysOut } from './overflow-hint.ts'

/** The headers to send, and the policies that go into meta tags instead. */
export interface HeaderPlan {
  readonly layout: Exclude<Layout, 'auto'>
  /** Header fields for every path. */
  readonly fields: readonly HeaderField[]
  /** For each page, by its path, the fields that replace the general fields of the same name. */
  readonly pages: ReadonlyMap<string, readonly HeaderField[]>
  readonly metas: ReadonlyMap<string, readonly Policy[]>
  readonly findings: readonly Finding[]
}

/**
 * Above this length, `auto` chooses `split` even if the host would accept the header, because proxies and clients limit
 * headers too. Node.js clients, for example, accept 16 KB for all headers together.
 */
const AUTO_LIMIT: HostLimits = {
  host: 'clients',
  field: {
    characters: 8000,
    measured: ({ value }) => value,
    effect: 'refuses every header',
    source: 'https://nodejs.org/api/cli.html#--max-http-header-sizesize',
  },
  joinsRepeated: true,
}

/**
 * The part of policies that a meta tag cannot carry: report-only policies, and directives that browsers ignore there.
 */
function headerRest(policies: readonly Policy[]): Policy[] {
  return policies
    .map((policy) =>
      policy.disposition === 'report'
        ? policy
        : {
            ...policy,
            directives: new Map([...policy.directives].filter(([name]) => isIgnoredInMeta(name))),
          },
    )
    .filter((policy) => policy.directives.size > 0)
}

function isEnforced({ disposition }: Policy): boolean {
  return disposition === 'enforce'
}

/** The policies of the page that hosts serve for unknown paths. */
function fallbackPolicies({ pages }: Delivery): readonly Policy[] {
  const page =
    pages.find(({ path }) => path === '404.html') ?? pages.find(({ path }) => path === 'index.html')
  return page?.policies ?? []
}

function listed([first = '', ...others]: readonly string[]): string {
  if (others.length === 0) return `${first} is`
  return `${first} and ${others.length === 1 ? '1 more page' : `${others.length} more pages`} are`
}

/** The finding that explains why `auto` put the policies into the pages. */
function splitFinding(
  excluded: readonly string[],
  union: readonly Policy[],
  longest: HeaderField,
  early: HostLimits | undefined,
): Finding {
  if (excluded.length > 0) return finding('excluded-split', { pages: listed(excluded) })
  const { length } = longest.value
  const reason = early
    ? `${early.host} reads its header file before the build, when the hashes of this build are not known`
    : `The script policy of all pages together (${countSources(union, longest)} sources, ${length} characters) is too long for one header`
  return finding('layout-split', { reason, file: 'the header' })
}

/** Distributes the policies over headers for every path, headers for single pages, and meta tags in the pages. */
export function planHeaders(delivery: Delivery, limits: readonly HostLimits[]): HeaderPlan {
  const { pages, reporting, algorithm } = delivery
  const reported = (policies: readonly Policy[]): readonly Policy[] => withReporting(policies, reporting)
  const shape = (policies: readonly Policy[]): HeaderField[] => shapeFields(policies, limits)
  const union = reported(unitePolicies(pages.map(({ policies }) => policies)))
  const rest = reported(headerRest(unitePolicies(pages.map(({ policies }) => policies))))
  const splitFits = fits(shape(rest), limits)

  const chosen = delivery.layout
  const { excluded = [] } = delivery
  const early = limits.find(({ readBeforeBuild }) => readBeforeBuild)
  const unionFits = fits(shape(union), [...limits, AUTO_LIMIT])
  const unionIsGood = excluded.length === 0 && unionFits && early === undefined
  const auto = unionIsGood || !splitFits ? 'union' : 'split'
  const layout = chosen === 'auto' ? auto : chosen
  const fallback =
    layout === 'per-page' && !fits(shape(union), limits) ? reported(fallbackPolicies(delivery)) : union
  const everywhere = layout === 'split' ? rest : fallback
  const perPage =
    layout === 'per-page' ? pages.map(({ path, policies }) => ({ path, policies: reported(policies) })) : []

  const overflow = (policies: readonly Policy[]): Finding[] =>
    shape(policies).flatMap((field) => {
      const over = exceeded(field, limits)
      if (!over) return []
      const layouts = layout !== 'split' && splitFits ? ['split'] : []
      return finding('header-line-too-long', {
        host: over.host,
        length: over.limit.measured(field).length,
        limit: over.limit.characters,
        sources: countSources(policies, field),
        effect: over.limit.effect,
        way: waysOut({ policies, algorithm, limits, field, limit: over.limit, layouts }),
      })
    })

  const [longest] = shape(union).toSorted((a, b) => b.value.length - a.value.length)
  const fell =
    chosen === 'auto' && layout === 'split' && longest
      ? [splitFinding(excluded, union, longest, unionFits ? early : undefined)]
      : []
  const refused = layout === 'per-page' ? limits.filter(({ onePolicy }) => onePolicy !== undefined) : []
  const lost = layout === 'split' && reporting && pages.some(({ policies }) => policies.some(isEnforced))
  return {
    layout,
    fields: pages.length > 0 ? [...shape(everywhere), ...accompanyingFields(delivery)] : [],
    pages: new Map(perPage.map(({ path, policies }) => [path, shape(policies)])),
    metas: new Map(
      layout === 'split' ? pages.map(({ path, policies }) => [path, policiesForMeta(policies)]) : [],
    ),
    findings: [
      ...[everywhere, ...perPage.map(({ policies }) => policies)].flatMap(overflow),
      ...fell,
      ...(layout === 'split' || excluded.length === 0
        ? []
        : [finding('excluded-under-header', { pages: listed(excluded), layout })]),
      ...refused.map(({ host, onePolicy = '' }) =>
        finding('host-file-unusable', {
          file: `The file of ${host}`,
          reason: onePolicy,
          way: `Set ${option({ layout: 'split' })}.`,
        }),
      ),
      ...(lost ? [finding('reports-lost', {})] : []),
      ...(delivery.integrityPolicy === 'enforce' ? [finding('integrity-policy-enforced', {})] : []),
    ],
  }
}

/** Names the places of the policy, for the log. */
export function placeOf({ metas, fields }: HeaderPlan, file: string): string {
  const header = fields.some((field) => !isNosniff(field))
  return [...(metas.size > 0 ? ['meta'] : []), ...(header ? [file] : [])].join(' and ')
}

/** The plan for a file that already sends `nosniff` on every path, so that hosts do not send it twice. */
export function withoutNosniff(plan: HeaderPlan): HeaderPlan {
  return { ...plan, fields: plan.fields.filter((field) => !isNosniff(field)) }
}

/**
 * Lower-case names of all headers that a plan sends, or that would intersect with its metas. `nosniff` has only one
 * value, so it cannot conflict.
 */
export function headerNames({ fields, pages, metas }: HeaderPlan): Set<string> {
  const own = [...fields, ...[...pages.values()].flat()].filter((field) => !isNosniff(field))
  const sent = byName(own).keys()
  return new Set([...sent, ...(metas.size > 0 ? [POLICY_HEADERS.enforce.toLowerCase()] : [])])
}

/** True if some page has its own value for a header. */
export function variesByPage({ pages }: HeaderPlan, { name }: HeaderField): boolean {
  return [...pages.values()].some((fields) => fields.some((field) => field.name === name))
}

/** The headers of a page, by lower-case name. */
export function intendedFields({ fields, pages }: HeaderPlan, page: string): Map<string, string> {
  return new Map([...byName(fields), ...byName(pages.get(page) ?? [])])
}
