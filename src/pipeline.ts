import { applyLevels, type Finding, finding } from './core/findings/index.ts'
import type { IntegrityMetadata, PageSource, Policy, Site, SiteContext } from './core/site/model.ts'
import { type ScanCache, SiteInspector } from './core/rules/page-review.ts'
import { type PageFindings, SeenFindings } from './core/rules/seen-findings.ts'
import { idleGlobs, isFragment, type LeftPage } from './core/page/left-pages.ts'
import type { PagePlan } from './core/page/page-plan.ts'
import { planPage } from './core/page/plan.ts'
import { buildPolicies } from './core/csp/policy.ts'
import { rewritePage } from './core/page/rewrite.ts'
import { serialisePolicies } from './core/csp/serialise.ts'
import type { ResolvedOptions } from './options.ts'
import type { Delivered, DeliveredPage, Delivery, OutputFile } from './outputs/output.ts'
import { fileBelowRoot, recogniseHost, unreadByHost } from './outputs/recognise.ts'
import { readBack } from './read-back.ts'

/** A host's file that cannot be merged. The file is left unchanged. */
export class HostFileError extends Error {
  override name = 'HostFileError'

  constructor(path: string, options?: ErrorOptions) {
    super(
      `${path} is not valid UTF-8, so nothing can be merged into it. It was left as it is; save it as UTF-8.`,
      options,
    )
  }
}

export interface SecuredPage {
  /** Path of the file inside the site. */
  readonly path: string
  readonly html: string
  /** Number of policies in its meta tags. */
  readonly metas: number
  readonly policies: readonly Policy[]
  readonly summary: {
    readonly inlineScripts: number
    readonly pinnedFiles: number
    /** Length of the page's policies as one header value. */
    readonly policyLength: number
    /** Length of the added import map element, 0 if there is none. */
    readonly importMapLength: number
  }
}

export interface SecuredSite {
  readonly pages: readonly SecuredPage[]
  /** Entries whose pages a back end renders, with the file that contains their policies. */
  readonly entries?: readonly (Pick<SecuredPage, 'path' | 'summary' | 'policies'> & {
    readonly place: string
  })[]
  /** Complete contents of the host files. */
  readonly files: readonly OutputFile[]
  /** Where the policies were written: `meta`, `_headers`. */
  readonly places: readonly string[]
  /** HTML files that are not changed. */
  readonly left: readonly LeftPage[]
  /** Steps that the user still has to do, such as adding the line that includes a snippet. */
  readonly notes: readonly string[]
  readonly findings: readonly Finding[]
  /** Every file of the site that some page pins. */
  readonly pins: ReadonlyMap<string, IntegrityMetadata>
}

/** Each output sees the files of those before it, so that two hosts can share one `_headers`. */
function deliver(options: ResolvedOptions, delivery: Delivery): Delivered[] {
  const written = new Map<string, string>()
  return options.outputs.map((output) => {
    const delivered = output.deliver({
      ...delivery,
      siteFile: (path) => written.get(path) ?? delivery.siteFile(path),
    })
    readBack(delivered)
    for (const file of delivered.files ?? []) if (file.root === 'site') written.set(file.path, file.content)
    return delivered
  })
}

/** @throws {HostFileError} if the file is not UTF-8 text: merging would corrupt it */
function decodeHostFile(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { ignoreBOM: true, fatal: true }).decode(bytes)
  } catch (error) {
    throw new HostFileError(path, { cause: error })
  }
}

/** The result of the outputs for all pages together. */
export interface DeliveredSite {
  readonly files: readonly OutputFile[]
  readonly places: readonly string[]
  readonly notes: readonly string[]
  readonly findings: readonly Finding[]
  /** The policies to put into a page as meta tags. */
  metasOf(page: string): readonly Policy[]
}

/** Findings about the host: it supports headers but none are written, or it does not read the written files. */
function hostFindings(site: SiteContext, { outputs }: ResolvedOptions): Finding[] {
  const names = outputs.map(({ name }) => name)
  const environment = site.environment ?? {}
  if (names.some((name) => name !== 'meta')) {
    const host = unreadByHost(names, environment)
    const file = fileBelowRoot(names, site.base, site.directory)
    const files = [...new Set(names)].map((name) => `what output '${name}' writes`).join(' and ')
    return [
      ...(host
        ? [finding('host-other', { host: host.name, output: host.output, trace: host.trace, files })]
        : []),
      ...(file === undefined ? [] : [finding('host-file-unread', { file, base: site.base })]),
    ]
  }
  const hasFile = (path: string): boolean =>
    site.projectFile?.(path) !== undefined || site.file(path) !== undefined
  const host = recogniseHost(hasFile, environment)
  return host ? [finding('host-recognised', { host: host.name, output: host.output, trace: host.trace })] : []
}

/** Metas as one string, for comparison. */
export function serialisedMetas(metas: readonly Policy[]): string {
  return metas.map((policy) => serialisePolicies([policy])).join('\n')
}

function metasOf(delivered: readonly Delivered[], page: string): readonly Policy[] {
  // Two outputs may both put the page's policy into its meta; write it only once.
  const byText = new Map(
    delivered
      .flatMap(({ metas }) => metas?.get(page) ?? [])
      .map((policy) => [serialisePolicies([policy]), policy]),
  )
  return [...byText.values()]
}

/** The second step: calls each output once, with all pages. */
export function deliverSite(
  site: SiteContext,
  pages: readonly DeliveredPage[],
  options: ResolvedOptions,
  excluded: readonly string[] = [],
): DeliveredSite {
  const delivered = deliver(options, {
    pages,
    excluded,
    base: site.base,
    layout: options.layout,
    scripts: options.scripts,
    algorithm: options.algorithm,
    outputs: options.outputs.map((output) => output.name),
    reporting: options.reporting,
    integrityPolicy: options.integrityPolicy,
    siteFile(path) {
      const bytes = site.file(path)
      return bytes && decodeHostFile(path, bytes)
    },
    projectFile: (path) => site.projectFile?.(path),
    ...(site.environment && { environment: site.environment }),
  })
  return {
    files: [
      ...new Map(
        delivered.flatMap((one) => one.files ?? []).map((file) => [`${file.root}/${file.path}`, file]),
      ).values(),
    ],
    places: [...new Set(delivered.map((one) => one.place))],
    notes: delivered.flatMap((one) => one.notes ?? []),
    findings: [...delivered.flatMap((one) => one.findings ?? []), ...hostFindings(site, options)],
    metasOf: (page) => metasOf(delivered, page),
  }
}

/** A page that is read and planned, before the outputs are called. */
export interface PlannedPage extends DeliveredPage, PageFindings {
  readonly plan: PagePlan
}

/**
 * The options that affect a page, with outputs reduced to their names, so that they can be sent to a worker
 * thread.
 */
export type PageOptions = Omit<ResolvedOptions, 'outputs'> & {
  readonly outputs: readonly { readonly name: string }[]
}

/** The first step, for one page: reads it, pins its files, and builds and checks its policies. */
export function securePage(
  site: SiteContext,
  { path, html }: PageSource,
  options: PageOptions,
  inspector: SiteInspector,
): PlannedPage {
  const plan = planPage(site, inspector.scan(path, html), options, inspector.files.digestOf)
  const needs = inspector.needs(plan)
  const facts = { ...plan.facts, needs }
  const tried = options.trial ? buildPolicies(facts, options.trial) : []
  const policies = [...buildPolicies(facts, options), ...tried]
  const findings = [...plan.findings, ...inspector.judge(plan, policies, needs)]
  return { plan, path, policies, findings, pins: [...plan.pinned.keys()] }
}

/** The last step, for one page: edits its source. */
export function finishPage(
  { plan, path, policies }: Pick<PlannedPage, 'plan' | 'path' | 'policies'>,
  metas: readonly Policy[],
): SecuredPage {
  return {
    path,
    policies,
    metas: metas.length,
    html: rewritePage(plan.page, plan.edits, { policies: metas, importMap: plan.importMap }),
    summary: {
      inlineScripts: plan.inlineScripts,
      pinnedFiles: plan.pinned.size,
      policyLength: serialisePolicies(policies).length,
      importMapLength: plan.importMap?.length ?? 0,
    },
  }
}

const isLeft = ({ html }: PageSource): boolean => isFragment(html)

/**
 * The whole pipeline: takes a site and returns it with its policies. Pure: the caller writes the files, and writes
 * none if a finding is an error. `cache` keeps scans for callers that secure a site repeatedly.
 */
export function secureSite(site: Site, options: ResolvedOptions, cache?: ScanCache): SecuredSite {
  const fragments = site.pages.filter(isLeft).map(({ path }) => ({ path, why: 'fragment' as const }))
  const left = [...(site.left ?? []), ...fragments]
  const inspector = new SiteInspector(site, options, undefined, cache)
  const planned = site.pages
    .filter((page) => !isLeft(page))
    .map((page) => securePage(site, page, options, inspector))
  const excluded = left.flatMap(({ path, why }) => (why === 'excluded' ? [path] : []))
  const delivered = deliverSite(site, planned, options, excluded)
  const seen = new SeenFindings()
  const ofPages = planned.flatMap((page) => seen.newOf(page).findings)
  const idle = idleGlobs(
    options.pages,
    [...site.pages, ...left].map(({ path }) => path),
  )
  const findings = [...idle, ...ofPages, ...seen.ofSite(site), ...delivered.findings]
  return {
    pages: planned.map((page) => finishPage(page, delivered.metasOf(page.path))),
    files: delivered.files,
    places: delivered.places,
    notes: delivered.notes,
    left,
    findings: applyLevels(findings, options.findings),
    pins: new Map(planned.flatMap(({ plan }) => [...plan.pinned])),
  }
}
