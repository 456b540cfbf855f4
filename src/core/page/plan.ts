import { digest } from '../site/digest.ts'
import { type Finding, type FindingPlace, finding } from '../findings/index.ts'
import { reach, type Reach } from '../graph/reach.ts'
import { importsComputed } from '../graph/computed-imports.ts'
import { filesNamedIn } from '../graph/inline-imports.ts'
import { pagePlace } from '../findings/locate.ts'
import type {
  Graph,
  InlineScript,
  IntegrityMetadata,
  ScannedPage,
  SiteContext,
  Source,
} from '../site/model.ts'
import { hashSource } from '../csp/serialise.ts'
import { InlineModules } from './inline-modules.ts'
import { isLoadable, isLoaderText, type LoaderTag, placeLoader } from './loader.ts'
import { MapEntries, isImportMap, placeImportMap, systemEntry, systemImportMap } from './import-map.ts'
import { isPinnable, isScriptLike, type LoadedResource, type Pin, Pinner, trustedScripts } from './pin.ts'
import type { Edit } from '../text/edit-text.ts'
import { scriptLocations } from './script-locations.ts'
import { documentBaseUrl, resolveUrl } from '../site/urls.ts'
import type { DigestOf, PagePlan, PlanSettings } from './page-plan.ts'

export function planPage(
  site: SiteContext,
  page: ScannedPage,
  settings: PlanSettings,
  digestOf: DigestOf,
): PagePlan {
  return new Planner(site, page, settings, digestOf).plan()
}

const offsetOf = ({ reason }: Source): number => (reason.kind === 'inline' ? reason.span.start : 0)
const fileOf = ({ reason }: Source): string => (reason.kind === 'file' ? reason.file : '')

class Planner {
  private readonly base: URL
  private readonly graph: Graph
  private readonly edits: Edit[] = []
  private readonly findings: Finding[] = []
  private readonly pinned = new Map<string, IntegrityMetadata>()
  private readonly inline: Source[] = []
  private readonly carried: Source[] = []
  private readonly foreign: Source[] = []
  private readonly urls: URL[] = []
  private readonly entries = new Set<string>()
  private readonly inlineEntries = new Set<string>()
  private readonly systemEntries = new Set<string>()
  private readonly linkedStyles = new Set<string>()
  private readonly scriptFiles = new Set<string>()
  private readonly styleFiles = new Set<string>()
  private readonly loaderTags: LoaderTag[] = []
  private readonly loaderPreloads: LoaderTag[] = []
  private readonly inlineModules: InlineModules
  private importsAnything: readonly string[] = []
  private importMap: string | undefined
  private hasScripts = false
  private computedImports = false
  private sealed = false

  constructor(
    private readonly site: SiteContext,
    private readonly page: ScannedPage,
    private readonly settings: PlanSettings,
    private readonly digestOf: DigestOf,
  ) {
    this.base = documentBaseUrl(site, page.path, page.base?.href)
    const map = page.resources.find(isImportMap)
    this.graph = (map && site.graphUnder?.(map.text, this.base)) ?? site.graph
    this.inlineModules = new InlineModules(
      site,
      page,
      this.base,
      () => site.unnamedImports?.(page.path) ?? [],
    )
  }

  plan(): PagePlan {
    this.foreignPolicies()
    this.resources()
    if (this.computedImports) this.unnamedImports()
    this.mapIntegrity()
    this.mapSystemIntegrity()
    const { page, edits, importMap, pinned, findings } = this
    if (this.hasScripts) {
      const { urls, foreign, hashes } = trustedScripts(this.settings.external, this.settings.scripts)
      this.urls.push(...urls)
      this.foreign.push(...foreign)
      this.carried.push(...hashes)
    }
    const locations = scriptLocations(this.urls, this.settings.fence, this.settings.origins)
    if (locations.crowdedRoot > 0) findings.push(finding('scripts-at-root', { count: locations.crowdedRoot }))
    return {
      page,
      edits,
      importMap,
      pinned,
      loaded: { scripts: [...this.scriptFiles].toSorted(), styles: [...this.styleFiles].toSorted() },
      findings,
      inlineScripts: new Set(this.inline.map((source) => source.expression)).size,
      unanswered: this.inlineModules.unanswered,
      importsAnything: this.importsAnything,
      facts: {
        inlineScripts: this.inline.toSorted((a, b) => offsetOf(a) - offsetOf(b)),
        // Sorted, so that the order does not depend on which tag or import leads to a file first.
        scriptFiles: this.carried.toSorted((a, b) =>
          fileOf(a) < fileOf(b) ? -1 : Number(fileOf(a) > fileOf(b)),
        ),
        scriptLocations: locations.own,
        foreignScripts: [...this.foreign, ...locations.foreign],
      },
    }
  }

  private foreignPolicies(): void {
    for (const { ours, content, span } of this.page.policyMetas) {
      if (!ours) this.findings.push(finding('policy-present', { content }, this.place(span.start)))
    }
  }

  private resources(): void {
    const pinner = new Pinner(this.site, this.page, this.base, this.settings, this.digestOf)
    const loading =
      this.settings.scripts === 'loader' &&
      this.page.resources.some((resource) => resource.kind === 'external-script' && isLoadable(resource))
    for (const resource of this.page.resources) {
      if (resource.kind === 'inline-script') this.inlineScript(resource)
      else if (resource.kind !== 'inline-style' && isPinnable(resource))
        this.loaded(resource, pinner, loading)
    }
    if (loading) this.insertLoader()
  }

  private insertLoader(): void {
    const trustedTypes = this.settings.trustedTypes !== undefined
    const placed = placeLoader(this.loaderTags, this.loaderPreloads, trustedTypes)
    if (!placed) return
    this.edits.push(...placed.edits)
    this.hashInline(placed.text, { type: 'classic', span: placed.span })
    for (const { resource, integrity, file } of placed.preloaded)
      if (integrity) this.carried.push(hashSource(integrity, { kind: 'file', file: file ?? resource.url }))
  }

  /** What the loader makes is trusted because the loader is; only what stands in the page needs its hash listed. */
  private byLoader(resource: LoadedResource, { insert, file }: Pin): void {
    const tags = resource.kind === 'external-script' ? this.loaderTags : this.loaderPreloads
    tags.push({ resource, integrity: insert, file })
  }

  private inlineScript(script: InlineScript): void {
    // An element without text is never run. https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element (step 6)
    if (script.type === 'data' || script.type === 'importmap' || script.text === '') return
    this.hasScripts = true
    this.hashInline(script.text, script)
    if (script.type === 'speculationrules') return
    const entries = isLoaderText(script.text) ? this.entries : this.inlineEntries
    const named = filesNamedIn(script.text, this.site, this.base)
    for (const path of [...named, ...this.inlineModules.files(script)])
      if (this.graph.has(path)) entries.add(path)
    this.computedImports ||= importsComputed(script.text)
    this.enterSystem(systemEntry(this.page.source, script))
  }

  /** Such a script takes its URL from somewhere: from an attribute of the page, from data in it, from anywhere. */
  private unnamedImports(): void {
    const { site, page, base } = this
    const any = site.unnamedImports?.(page.path) ?? []
    // What the user's own map says of a directory stays; where some scripts are not pinned, they are let in all the same.
    this.sealed = any.length > 0 && !page.resources.some(isImportMap)
    for (const path of [...filesNamedIn(page.source, site, base), ...any])
      if (this.graph.has(path)) this.inlineEntries.add(path)
  }

  private hashInline(text: string, { type, span }: Pick<InlineScript, 'type' | 'span'>): void {
    const hash = digest(text, this.settings.algorithm)
    this.inline.push(hashSource(hash, { kind: 'inline', page: this.page.path, span, what: type }))
  }

  private loaded(resource: LoadedResource, pinner: Pinner, loading: boolean): void {
    const pin = pinner.pin(resource)
    this.findings.push(...pin.findings)
    const byLoader =
      loading &&
      resource.context === 'document' &&
      (resource.kind === 'modulepreload' || (resource.kind === 'external-script' && isLoadable(resource)))
    if (byLoader) this.byLoader(resource, pin)
    else if (pin.insert)
      this.edits.push({
        kind: 'insert',
        offset: resource.attributeOffset,
        text: ` integrity="${pin.insert}"`,
      })
    const [hash] = pin.carried
    if (pin.file !== undefined && hash) this.pinned.set(pin.file, hash)
    if (resource.kind === 'stylesheet' && pin.file !== undefined) this.linkedStyles.add(pin.file)
    if (pin.file !== undefined) (isScriptLike(resource) ? this.scriptFiles : this.styleFiles).add(pin.file)
    if (!isScriptLike(resource)) return
    this.hasScripts = true
    if (pin.file !== undefined) this.enter(pin.file, resource)
    if (pin.url) this.urls.push(pin.url)
    const reason: Source['reason'] = { kind: 'file', file: pin.file ?? resource.url }
    if (pin.foreign !== undefined) this.foreign.push({ expression: pin.foreign, reason })
    if (!byLoader) for (const one of pin.carried) this.carried.push(hashSource(one, reason))
  }

  /** An import map says nothing of classic scripts, but of what these import. */
  private enter(file: string, resource: LoadedResource): void {
    const classic = resource.kind === 'external-script' && resource.type === 'classic'
    const node = classic ? this.graph.get(file) : undefined
    for (const path of classic ? [...(node?.imports ?? []), ...(node?.dynamicImports ?? [])] : [file])
      if (this.graph.has(path)) this.entries.add(path)
  }

  private mapIntegrity(): void {
    const reached = reach(this.graph, [...this.entries, ...this.inlineEntries])
    // What an inline script imports does not come from the loader, so nothing but its own hash lets it in.
    const listed = new Set(
      this.settings.scripts === 'loader' ? reach(this.graph, this.inlineEntries).scripts : reached.scripts,
    )
    for (const path of reached.styles) this.styleFiles.add(path)
    const entries = this.mapScripts(reached.scripts)
    this.foreignModules(reached, entries)
    for (const path of reached.scripts) {
      const hash = this.pinned.get(path)
      if (hash && listed.has(path)) this.carried.push(hashSource(hash, { kind: 'file', file: path }))
    }
    entries.guard(reached.scripts)
    if (this.sealed) entries.seal(reached.styles)
    // A stylesheet that the page links itself is not linked again by the preload helper.
    for (const path of reached.styles) if (!this.linkedStyles.has(path)) this.map(path, entries)
    const { imports, integrity } = entries
    // Without script-src no hash stands anywhere: a map of ours would be blocked.
    const unlisted = this.settings.directives.get('script-src') === false
    const placed = placeImportMap(
      this.page,
      { imports, integrity: unlisted && !this.page.resources.some(isImportMap) ? new Map() : integrity },
      { isGone: (url) => this.isGone(url), place: (offset) => this.place(offset) },
    )
    if (!placed) return
    this.hashInline(placed.text, { type: 'importmap', span: placed.span })
    this.importMap = placed.element
    this.edits.push(...placed.edits)
    this.findings.push(...placed.findings)
  }

  /** A module of another origin that the user pins has its pin in the import map: an import has no tag to carry it. */
  private foreignModules(reached: Reach, entries: MapEntries): void {
    const { unanswered } = this.inlineModules
    for (const [importer, imports] of reached.unanswered)
      for (const one of imports) unanswered.push({ ...one, importer })
    this.importsAnything = reached.importsAnything
    for (const { url, foreign } of unanswered) {
      const pin = foreign ? this.settings.external.get(url) : undefined
      if (typeof pin === 'string') entries.integrity.set(url, pin)
    }
  }

  private mapSystemIntegrity(): void {
    const { integrity } = this.mapScripts(reach(this.graph, this.systemEntries).scripts)
    if (integrity.size > 0) this.importMap = `${this.importMap ?? ''}${systemImportMap(integrity)}`
  }

  private mapScripts(scripts: readonly string[]): MapEntries {
    const entries = new MapEntries(this.site, this.page.path, this.base)
    for (const path of scripts) {
      this.scriptFiles.add(path)
      this.urls.push(...this.map(path, entries))
    }
    return entries
  }

  private map(path: string, entries: MapEntries): readonly URL[] {
    const hash = this.digestOf(path)
    if (hash) this.pinned.set(path, hash)
    return entries.pin(path, hash)
  }

  private enterSystem(url: string | undefined): void {
    const target = url === undefined ? undefined : resolveUrl(this.site, url, this.base)
    if (target?.kind === 'file') this.systemEntries.add(target.path)
  }

  private isGone(url: string): boolean {
    return resolveUrl(this.site, url, this.base).kind === 'missing'
  }

  private place(offset: number): FindingPlace {
    return pagePlace(this.site, this.page, offset)
  }
}
