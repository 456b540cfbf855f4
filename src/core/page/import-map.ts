import { urlRequester, writtenUrl } from '../site/urls.ts'
import { type Finding, finding, type FindingPlace } from '../findings/index.ts'
import {
  type ImportMapAdditions,
  ImportMapError,
  importMapText,
  sealImports,
} from '../graph/import-map-text.ts'
import type {
  InlineScript,
  IntegrityMetadata,
  Resource,
  ScannedPage,
  SiteContext,
  Span,
} from '../site/model.ts'
import type { Edit } from '../text/edit-text.ts'
import { OURS } from '../html/scan.ts'

/** What becomes of the one import map of a page. */
export interface PlacedImportMap {
  /** To be hashed: an import map whose hash no policy lists is ignored, and the pins with it. */
  readonly text: string
  readonly span: Span
  /** Source of an element for the head, where the map is new or moves. */
  readonly element: string | undefined
  readonly edits: readonly Edit[]
  readonly findings: readonly Finding[]
}

export interface ImportMapContext {
  /** Whether a URL of the user's map names a file of the site that is no more. */
  isGone(url: string): boolean
  place(offset: number): FindingPlace
}

export function isImportMap(resource: Resource): resource is InlineScript {
  return resource.kind === 'inline-script' && resource.type === 'importmap'
}

function startsModules(resource: Resource): boolean {
  return resource.kind === 'modulepreload' || ('type' in resource && resource.type === 'module')
}

/**
 * Puts the integrity of a page's chunks into the user's import map, or into one of our own. There can be only one:
 * Firefox takes none behind a module script or a modulepreload link, so one that stands there is moved.
 */
export function placeImportMap(
  page: ScannedPage,
  additions: ImportMapAdditions,
  context: ImportMapContext,
): PlacedImportMap | undefined {
  const [own, second] = page.resources.filter(isImportMap)
  if (!own) {
    if (additions.integrity.size === 0) return undefined
    const text = importMapText(undefined, additions)
    const element = `<script type="importmap" ${OURS}>${text}</script>`
    return { text, span: { start: page.headStart, end: page.headStart }, element, edits: [], findings: [] }
  }
  const findings = second ? [finding('import-map-duplicate', {}, context.place(second.span.start))] : []
  const { text, problem } = merged(own, additions, context)
  if (problem) findings.push(problem)
  const late = page.resources.some((one) => one.span.start < own.span.start && startsModules(one))
  if (late) {
    const tag = page.source.slice(own.span.start, own.textSpan.start)
    const removal: Edit = { kind: 'replace', span: own.span, text: '' }
    return { text, span: own.span, element: `${tag}${text}</script>`, edits: [removal], findings }
  }
  const edits: Edit[] = text === own.text ? [] : [{ kind: 'replace', span: own.textSpan, text }]
  return { text, span: own.span, element: undefined, edits, findings }
}

function merged(
  own: InlineScript,
  additions: ImportMapAdditions,
  { isGone, place }: ImportMapContext,
): { readonly text: string; readonly problem?: Finding } {
  if (additions.integrity.size === 0) return { text: own.text }
  try {
    return { text: importMapText(own.text, additions, isGone) }
  } catch (error) {
    if (!(error instanceof ImportMapError)) throw error
    const problem = finding('import-map-invalid', { reason: error.message }, place(own.textSpan.start))
    return { text: own.text, problem }
  }
}

/** What an import map says of the files of a page, as the page may write it. */
export class MapEntries {
  readonly imports = new Map<string, string>()
  readonly integrity = new Map<string, IntegrityMetadata>()
  private readonly urlsOf: (path: string) => readonly URL[]

  constructor(
    private readonly site: SiteContext,
    page: string,
    private readonly base: URL,
  ) {
    this.urlsOf = urlRequester(site, page)
  }

  /** Pins a file under every URL that it is requested by, which are the answer. */
  pin(path: string, hash: IntegrityMetadata | undefined): readonly URL[] {
    const urls = this.urlsOf(path)
    if (hash) for (const url of urls) this.integrity.set(writtenUrl(url, this.base), hash)
    return urls
  }

  /** Pins a module of another origin. */
  pinUrl(url: string, hash: IntegrityMetadata): void {
    this.integrity.set(url, hash)
  }

  /** Leads the `data:` URLs that scripts import to files with the same text, where these are among the scripts. */
  guard(scripts: readonly string[]): void {
    for (const [url, path] of this.site.dataModules ?? [])
      if (scripts.includes(path)) for (const to of this.written(path)) this.imports.set(url, to)
  }

  /** Lets names below the directories of what is pinned so far stand for that alone, and for these styles. */
  seal(styles: readonly string[]): void {
    const named = styles.flatMap((path) => this.written(path))
    for (const [name, to] of sealImports([...this.integrity.keys()], named)) this.imports.set(name, to)
  }

  private written(path: string): string[] {
    return this.urlsOf(path).map((url) => writtenUrl(url, this.base))
  }
}

const DATA_SRC = /\sdata-src\s*=\s*(?:"([^"]+)"|'([^']+)'|([^\s"'>]+))/i

/**
 * The URL that an inline script hands to SystemJS. `@vitejs/plugin-legacy` keeps it in an attribute of the script's own
 * element: `System.import(document.getElementById(…).getAttribute('data-src'))`.
 */
export function systemEntry(source: string, { span, textSpan, text }: InlineScript): string | undefined {
  if (!text.includes('System.import')) return undefined
  const [, ...urls] = DATA_SRC.exec(source.slice(span.start, textSpan.start)) ?? []
  return urls.find((url) => url !== undefined)
}

/**
 * SystemJS loads scripts of its own making, which browsers' import maps say nothing of; it has maps of its own.
 * @see https://github.com/systemjs/systemjs/blob/main/docs/import-maps.md
 */
export function systemImportMap(integrity: ReadonlyMap<string, IntegrityMetadata>): string {
  const text = importMapText(undefined, { imports: new Map(), integrity })
  return `<script type="systemjs-importmap" ${OURS}>${text}</script>`
}
