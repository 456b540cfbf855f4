import { Evaluation } from '../csp/evaluate.ts'
import type { Finding, FindingCode, FindingLevel } from '../findings/index.ts'
import { pagePlace } from '../findings/locate.ts'
import type { InlineScript, Policy, ScannedPage, SiteContext } from '../site/model.ts'
import { followed, type PageFiles, SiteNeeds } from '../needs/index.ts'
import type { Need } from '../csp/need.ts'
import type { PageImport } from '../page/inline-modules.ts'
import type { DigestOf } from '../page/page-plan.ts'
import type { PolicySettings } from '../csp/policy.ts'
import type { PageNeedSettings } from '../needs/page-needs.ts'
import { unmetNeeds } from '../csp/grant-needs.ts'
import { RULES, type RuleScript, type RuleSettings } from './index.ts'
import { scanPage } from '../html/scan.ts'
import { type CodeTraits, searchCode } from '../needs/search-code.ts'
import { type FileCache, SearchedFiles } from '../needs/searched-files.ts'
import { FileScript, inlineScript } from './script-places.ts'

export interface InspectSettings extends RuleSettings, Omit<PageNeedSettings, 'stylesDecided'> {
  readonly trial: PolicySettings | undefined
  readonly outputs: readonly { readonly name: string }[]
  readonly findings: ReadonlyMap<FindingCode, FindingLevel>
}

/** Keeps scans from one build to the next; a scan is reused only for identical content. */
export interface ScanCache extends FileCache {
  scan(path: string, html: string): ScannedPage
}

/** The parts of a plan that are inspected. */
export interface Inspected {
  readonly page: ScannedPage
  readonly loaded: PageFiles
  readonly unanswered: readonly PageImport[]
  readonly importsAnything: readonly string[]
}

/** Outputs that put the policy into the page, or only into a file that browsers do not read. */
const WITHOUT_HEADER: ReadonlySet<string> = new Set(['meta', 'json'])

/** Collects the needs of pages and the findings about them. Data that pages share is computed once. */
export class SiteInspector {
  readonly files: SearchedFiles
  readonly scan: (path: string, html: string) => ScannedPage
  private readonly siteNeeds: SiteNeeds
  private readonly evaluation = new Evaluation()
  private readonly scripts = new Map<string, FileScript | undefined>()
  private readonly followedFiles = new WeakMap<PageFiles, PageFiles>()
  private readonly inline = new WeakMap<InlineScript, CodeTraits>()
  private readonly stylesDecided: boolean
  private readonly inMeta: boolean

  constructor(
    private readonly site: SiteContext,
    private readonly settings: InspectSettings,
    digestOf?: DigestOf,
    cache?: ScanCache,
  ) {
    this.scan = cache ? (path, html) => cache.scan(path, html) : scanPage
    this.inMeta = settings.outputs.every(({ name }) => WITHOUT_HEADER.has(name))
    this.stylesDecided = [settings, ...(settings.trial ? [settings.trial] : [])].some(
      ({ preset, directives }) => preset !== 'scripts-only' || directives.size > 0,
    )
    this.files = new SearchedFiles(site, settings.algorithm, digestOf, cache, !this.stylesDecided)
    this.siteNeeds = new SiteNeeds(site, this.files)
  }

  needs({ page, loaded }: Pick<Inspected, 'page' | 'loaded'>): Need[] {
    const inline = runInline(page).map((script) => this.traitsOf(script))
    const settings = { ...this.settings, stylesDecided: this.stylesDecided }
    return this.siteNeeds.of(page, this.followed(loaded), inline, settings)
  }

  private traitsOf(script: InlineScript): CodeTraits {
    const traits = this.inline.get(script) ?? searchCode(script.text, !this.stylesDecided)
    this.inline.set(script, traits)
    return traits
  }

  /** The findings of the rules and the evaluator about a page and its policies. */
  judge(inspected: Inspected, policies: readonly Policy[], needs: readonly Need[]): Finding[] {
    const { site, settings } = this
    const { page, loaded, unanswered, importsAnything } = inspected
    const all = this.followed(loaded)
    const rulePage = {
      site,
      page,
      policies,
      needs,
      unmet: unmetNeeds(policies, needs),
      scripts: [
        ...all.scripts.flatMap((path) => this.fileScript(path) ?? []),
        ...runInline(page).map((script) => inlineScript(site, page, script, this.traitsOf(script))),
      ],
      unanswered,
      importsAnything,
      settings,
      inMeta: this.inMeta,
      place: (offset: number, attribute?: string) => pagePlace(site, page, offset, attribute),
    }
    return [...RULES.flatMap((rule) => rule(rulePage)), ...this.evaluation.objections(policies)]
  }

  private followed(loaded: PageFiles): PageFiles {
    const known = this.followedFiles.get(loaded)
    if (known) return known
    const all = followed(this.site, loaded, this.files)
    // A worker from a file has the policy of its own response, which is none if the policy is in the page's meta.
    const governed =
      this.inMeta || this.settings.layout === 'split' ? { ...all, scripts: loaded.scripts } : all
    this.followedFiles.set(loaded, governed)
    return governed
  }

  private fileScript(path: string): RuleScript | undefined {
    if (!this.scripts.has(path)) {
      const traits = this.files.code(path)
      this.scripts.set(path, traits && new FileScript(this.site, path, traits))
    }
    return this.scripts.get(path)
  }
}

/** The inline scripts that browsers execute. */
function runInline(page: ScannedPage): InlineScript[] {
  return page.resources.filter(
    (resource): resource is InlineScript =>
      resource.kind === 'inline-script' && (resource.type === 'classic' || resource.type === 'module'),
  )
}
