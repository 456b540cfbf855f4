import { Evaluation } from '../csp/evaluate.ts'
import type { FindingCode, FindingLevel, FindingPlace } from '../findings/index.ts'
import { pagePlace } from '../findings/locate.ts'
import type { InlineScript, ModuleSource, Policy, ScannedPage, SiteContext } from '../site/model.ts'
import type { SiteMemory } from '../../plugin/rebuild-cache.ts'
import { followed, type PageFiles, SiteNeeds } from '../needs/index.ts'
import type { Need } from '../csp/need.ts'
import type { DigestOf } from '../page/plan.ts'
import type { PolicySettings } from '../csp/policy.ts'
import type { PageNeedSettings } from '../needs/page-needs.ts'
import { unmetNeeds } from '../csp/grant-needs.ts'
import { type ModuleTest, RULES, type RuleScript, type RuleSettings } from './index.ts'
import { scanPage } from '../html/scan.ts'
import { type CodeTraits, searchCode } from '../needs/search-code.ts'
import { SiteFiles } from '../needs/searched-files.ts'
import { type Judgement, Told } from './seen-findings.ts'

export interface InspectSettings extends RuleSettings, Omit<PageNeedSettings, 'stylesDecided'> {
  readonly trial: PolicySettings | undefined
  readonly outputs: readonly { readonly name: string }[]
  readonly findings: ReadonlyMap<FindingCode, FindingLevel>
}

/** What of a plan is inspected. */
export interface Inspected {
  readonly page: ScannedPage
  readonly loaded: PageFiles
  readonly pinned: ReadonlyMap<string, unknown>
}

/** Outputs that put the policy into the page, or nowhere where a browser sees it. */
const WITHOUT_HEADER: ReadonlySet<string> = new Set(['meta', 'json'])

/** Finds out what the pages of a site use, and what is to be said about them. What pages share is worked out once. */
export class SiteInspector {
  readonly files: SiteFiles
  readonly scan: (path: string, html: string) => ScannedPage
  private readonly siteNeeds: SiteNeeds
  private readonly evaluation = new Evaluation()
  private readonly scripts = new Map<string, FileScript | undefined>()
  private readonly followedFiles = new WeakMap<PageFiles, PageFiles>()
  private readonly told: Told | undefined
  private readonly inline = new WeakMap<InlineScript, CodeTraits>()
  private readonly stylesDecided: boolean

  constructor(
    private readonly site: SiteContext,
    private readonly settings: InspectSettings,
    digestOf?: DigestOf,
    memory?: SiteMemory,
  ) {
    this.files = new SiteFiles(site, settings.algorithm, digestOf, memory)
    this.scan = memory ? (path, html) => memory.scan(path, html) : scanPage
    this.told = memory ? undefined : new Told()
    this.siteNeeds = new SiteNeeds(site, this.files)
    this.stylesDecided = [settings, ...(settings.trial ? [settings.trial] : [])].some(
      ({ preset, directives }) => preset !== 'scripts-only' || directives.size > 0,
    )
  }

  needs({ page, loaded }: Inspected): Need[] {
    const inline = runInline(page).map((script) => this.traitsOf(script))
    const settings = { ...this.settings, stylesDecided: this.stylesDecided }
    return this.siteNeeds.of(page, this.followed(loaded), inline, settings)
  }

  private traitsOf(script: InlineScript): CodeTraits {
    const traits = this.inline.get(script) ?? searchCode(script.text)
    this.inline.set(script, traits)
    return traits
  }

  /**
   * What the rules and the evaluator say about a page and its policies. What an earlier page was told is left out, but
   * where pages are remembered: there it is said of each, since the earlier page may be another one next time.
   */
  judge({ page, loaded, pinned }: Inspected, policies: readonly Policy[], needs: readonly Need[]): Judgement {
    const { site, settings } = this
    const all = this.followed(loaded)
    const told = this.told ?? new Told()
    const pins = told.newPins(pinned.keys())
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
      pinned: pins,
      settings,
      inMeta: settings.outputs.every(({ name }) => WITHOUT_HEADER.has(name)),
      place: (offset: number, attribute?: string) => pagePlace(site, page, offset, attribute),
    }
    const found = [...RULES.flatMap((rule) => rule(rulePage)), ...this.evaluation.objections(policies)]
    return { findings: found.filter((one) => told.isNew(one)), pins }
  }

  private followed(loaded: PageFiles): PageFiles {
    const known = this.followedFiles.get(loaded)
    if (known) return known
    const all = followed(this.site, loaded, this.files)
    this.followedFiles.set(loaded, all)
    return all
  }

  private fileScript(path: string): RuleScript | undefined {
    if (!this.scripts.has(path)) {
      const traits = this.files.code(path)
      this.scripts.set(path, traits && new FileScript(this.site, path, traits))
    }
    return this.scripts.get(path)
  }
}

const isInstalled = ({ id }: ModuleSource): boolean => /[\\/]node_modules[\\/]|^\0/.test(id)

class FileScript implements RuleScript {
  private readonly modules = new Map<string | ModuleTest, readonly ModuleSource[]>()

  constructor(
    private readonly site: SiteContext,
    readonly file: string,
    readonly traits: RuleScript['traits'],
  ) {}

  modulesWith(test: RegExp | ModuleTest): readonly ModuleSource[] {
    const key = typeof test === 'function' ? test : test.source
    const known = this.modules.get(key)
    if (known) return known
    const passes = typeof test === 'function' ? test : (code: string): boolean => test.test(code)
    const modules = [...(this.site.modules?.(this.file) ?? [])].filter(({ code }) => passes(code))
    // What the user wrote comes first: there they can change it.
    const found = modules.toSorted((a, b) => Number(isInstalled(a)) - Number(isInstalled(b)))
    this.modules.set(key, found)
    return found
  }

  where(_offset: number, pattern: RegExp): string {
    const modules = this.modulesWith(pattern).map((module) => this.nameOf(module))
    return modules.length > 0 ? `${this.file} (${modules.join(', ')})` : this.file
  }

  nameOf({ id }: ModuleSource): string {
    return this.site.source?.(id)?.file ?? shortId(id)
  }

  placeIn({ id }: ModuleSource, find: (text: string) => number): FindingPlace | undefined {
    const own = this.site.source?.(id)
    const at = own ? find(own.text) : -1
    return own && at !== -1 ? { file: own.file, source: own.text, offset: at } : undefined
  }

  text(): string {
    return new TextDecoder().decode(this.site.file(this.file))
  }

  place(offset: number, pattern: RegExp): FindingPlace | undefined {
    for (const module of this.modulesWith(pattern)) {
      const place = this.placeIn(module, (text) => text.search(pattern))
      if (place) return place
    }
    const bytes = this.site.file(this.file)
    if (!bytes) return undefined
    // The search counted bytes.
    const text = new TextDecoder()
    const before = text.decode(bytes.subarray(0, offset))
    return { file: this.file, source: text.decode(bytes), offset: before.length }
  }
}

/** The part of an id that a person recognises: the package and the path in it. */
function shortId(id: string): string {
  const clean = id
    .replace(/[?#].*$/, '')
    .replaceAll('\\', '/')
    .replaceAll('\0', '')
  return clean.split('/node_modules/').at(-1) ?? clean
}

/** The inline scripts that browsers run. */
function runInline(page: ScannedPage): InlineScript[] {
  return page.resources.filter(
    (resource): resource is InlineScript =>
      resource.kind === 'inline-script' && (resource.type === 'classic' || resource.type === 'module'),
  )
}

function inlineScript(
  site: SiteContext,
  page: ScannedPage,
  script: InlineScript,
  traits: CodeTraits,
): RuleScript {
  return {
    file: page.path,
    traits,
    modulesWith: () => [],
    nameOf: ({ id }) => id,
    placeIn: () => undefined,
    text: () => script.text,
    where: () => 'The <script>',
    place(offset, pattern) {
      const start = pagePlace(site, page, script.span.start)
      const from = start.offset + (script.textSpan.start - script.span.start)
      const at = start.source.slice(from).search(pattern)
      return { ...start, offset: from + (at === -1 ? offset : at) }
    },
  }
}
