import { isDirectiveName } from '../core/csp/directives.ts'
import { applyLevels, type Finding, type FindingCode } from '../core/findings/index.ts'
import { planPage } from '../core/page/plan.ts'
import { SiteInspector } from '../core/rules/page-review.ts'
import { SeenFindings } from '../core/rules/seen-findings.ts'
import type { Policy } from '../core/site/model.ts'
import { directorySite } from '../directory/directory-site.ts'
import { SiteFiles } from '../files/file-cache.ts'
import { decodePage } from '../files/read.ts'
import type { Walk } from '../files/walk.ts'
import type { ResolvedOptions } from '../options.ts'
import type { VerifyResult } from '../verify-site/built.ts'

/** What scripts do once they run, and a policy refuses. What stands in the files is judged by the oracle. */
const AT_RUN_TIME: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'eval-used',
  'wasm-blocked',
  'script-made',
  'script-blob',
  'script-text',
  'document-router',
  'chunks-unpinned',
])

/** A policy as it stands in a file. The one without any hash or nonce, about script elements alone, is the fence. */
function policyOf(text: string): Policy {
  const directives = text.split(';').flatMap((directive) => {
    const [name = '', ...sources] = directive.trim().split(/\s+/)
    const reason = { kind: 'option', option: 'directives' } as const
    return isDirectiveName(name.toLowerCase())
      ? [[name.toLowerCase(), sources.map((expression) => ({ expression, reason }))] as const]
      : []
  })
  const role = directives.every(([name]) => name === 'script-src-elem') ? 'fence' : 'main'
  return { role, disposition: 'enforce', directives: new Map(directives) }
}

/**
 * Looks through the scripts of checked pages for what the policies that stand there would refuse at run time. It is a
 * search for text: what it finds is likely, and what it does not find may happen all the same.
 */
export function runTimeFindings(
  { files: listing }: Walk,
  { base, pages }: Pick<VerifyResult, 'base' | 'pages'>,
  options: ResolvedOptions,
): Finding[] {
  const files = new SiteFiles(listing, options.algorithm)
  const { context: site } = directorySite(base, files, () => listing.keys())
  const byHeader = pages.some(({ policies }) => policies.some(({ delivery }) => delivery === 'header'))
  const outputs = [{ name: byHeader ? 'headers' : 'meta' }]
  const inspector = new SiteInspector(site, { ...options, outputs }, (path) => files.digest(path))
  const seen = new SeenFindings()
  const findings = pages.flatMap(({ page, policies }) => {
    const html = decodePage(files.read(page) ?? Buffer.alloc(0))
    if (html === undefined || policies.length === 0) return []
    const plan = planPage(site, inspector.scan(page, html), options, inspector.files.digestOf)
    const found = inspector.judge(
      plan,
      policies.map(({ text }) => policyOf(text)),
      inspector.needs(plan),
    )
    return seen.newOf({ findings: found.filter(({ code }) => AT_RUN_TIME.has(code)), pins: [] }).findings
  })
  return applyLevels(findings, options.findings)
}
