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

/**
 * Findings about actions of scripts at run time that a policy blocks. The content of the files is checked by the
 * oracle.
 */
const AT_RUN_TIME: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'eval-used',
  'wasm-blocked',
  'script-made',
  'script-blob',
  'script-text',
  'document-router',
  'chunks-unpinned',
])

/** Parses a policy from a file. A policy with only `script-src-elem` is the fence. */
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
 * Searches the scripts of checked pages for actions that the policies of the pages would block at run time. The
 * search only looks at text: its findings are likely but not certain, and it can miss actions.
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
