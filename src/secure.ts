import { digest } from './core/digest.ts'
import { applyLevels, type Finding } from './core/findings.ts'
import type { IntegrityMetadata, Policy, Site } from './core/model.ts'
import { type DigestOf, type PagePlan, planPage } from './core/plan.ts'
import { buildPolicies } from './core/policy.ts'
import { rewritePage } from './core/rewrite.ts'
import { scanPage } from './core/scan.ts'
import { serialisePolicies } from './core/serialise.ts'
import type { ResolvedOptions } from './options.ts'
import type { Delivered, Delivery, OutputFile } from './outputs/output.ts'

export interface SecuredPage {
  /** Path of the file inside the site. */
  readonly path: string
  readonly html: string
  readonly policies: readonly Policy[]
  readonly summary: {
    readonly inlineScripts: number
    readonly pinnedFiles: number
    /** Length of the page's policies as one header value. */
    readonly policyLength: number
  }
}

export interface SecuredSite {
  readonly pages: readonly SecuredPage[]
  /** Host files, whole. */
  readonly files: readonly OutputFile[]
  /** Where the policies went: `meta`, `_headers`. */
  readonly places: readonly string[]
  readonly findings: readonly Finding[]
  /** Every file of the site whose bytes are pinned by some page. */
  readonly pins: ReadonlyMap<string, IntegrityMetadata>
}

/** A file of the site is hashed once, however many pages refer to it. */
function digester(site: Site, algorithm: ResolvedOptions['algorithm']): DigestOf {
  const digests = new Map<string, IntegrityMetadata | undefined>()
  return (path) => {
    if (!digests.has(path)) {
      const bytes = site.file(path)
      digests.set(path, bytes && digest(bytes, algorithm))
    }
    return digests.get(path)
  }
}

/** An output sees the files of those before it, so that two hosts can share one `_headers`. */
function deliver(options: ResolvedOptions, delivery: Delivery): Delivered[] {
  const written = new Map<string, string>()
  return options.outputs.map((output) => {
    const delivered = output.deliver({
      ...delivery,
      siteFile: (path) => written.get(path) ?? delivery.siteFile(path),
    })
    for (const file of delivered.files ?? []) written.set(file.path, file.content)
    return delivered
  })
}

function metasOf(delivered: readonly Delivered[], page: string): readonly Policy[] {
  // Two outputs may both put the page's policy into its meta: once is enough.
  const byText = new Map(
    delivered
      .flatMap(({ metas }) => metas?.get(page) ?? [])
      .map((policy) => [serialisePolicies([policy]), policy]),
  )
  return [...byText.values()]
}

/**
 * The one pipeline: a site goes in, the same site with its policies comes out. Pure; whoever calls it writes the files,
 * and writes none if a finding is an error.
 */
export function secureSite(site: Site, options: ResolvedOptions): SecuredSite {
  const digestOf = digester(site, options.algorithm)
  const plans: PagePlan[] = site.pages.map(({ path, html }) =>
    planPage(site, scanPage(path, html), options, digestOf),
  )
  const planned = plans.map((plan) => ({
    plan,
    path: plan.page.path,
    policies: buildPolicies(plan.facts, options),
  }))
  const delivered = deliver(options, {
    pages: planned,
    base: site.base,
    layout: options.layout,
    scripts: options.scripts,
    algorithm: options.algorithm,
    siteFile(path) {
      const bytes = site.file(path)
      return bytes && new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
    },
  })
  const pages = planned.map(({ plan, path, policies }) => ({
    path,
    policies,
    html: rewritePage(plan.page, plan.edits, {
      policies: metasOf(delivered, path),
      importMap: plan.importMap,
    }),
    summary: {
      inlineScripts: plan.inlineScripts,
      pinnedFiles: plan.pinned.size,
      policyLength: serialisePolicies(policies).length,
    },
  }))
  const findings = [
    ...plans.flatMap((plan) => plan.findings),
    ...delivered.flatMap((one) => one.findings ?? []),
  ]
  return {
    pages,
    files: [
      ...new Map(delivered.flatMap((one) => one.files ?? []).map((file) => [file.path, file])).values(),
    ],
    places: [...new Set(delivered.map((one) => one.place))],
    findings: applyLevels(findings, options.findings),
    pins: new Map(plans.flatMap((plan) => [...plan.pinned])),
  }
}
