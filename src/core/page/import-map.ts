import { urlRequester, writtenUrl } from '../site/urls.ts'
import { type Finding, finding, type FindingPlace } from '../findings/index.ts'
import {
  type ImportMapAdditions,
  ImportMapError,
  importMapText,
  mergeImportMaps,
  parseImportMap,
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
import type { Edit } from './edit.ts'
import { OURS } from '../html/scan.ts'

/** What becomes of the one import map of a page. */
export interface PlacedImportMap {
  /** To be hashed: an import map whose hash no policy lists is ignored, and the pins with it. */
  readonly text: string
  readonly span: Span
  /** Source of an element for the head, where the map is new or moves: it comes before all other scripts there. */
  readonly element: string | undefined
  readonly edits: readonly Edit[]
  readonly findings: readonly Finding[]
}

export interface ImportMapContext {
  /** Whether a URL of the user's map names a file of the site that is no more. */
  isGone(url: string): boolean
  place(offset: number): FindingPlace
}

/** An import map that the page's own document obeys. One in a template or a frame is not the page's. */
export function isImportMap(resource: Resource): resource is InlineScript {
  const { kind, context } = resource
  const live = context === 'document' || context === 'shadow-root'
  return live && kind === 'inline-script' && resource.type === 'importmap'
}

/** Whether modules are loaded by then, in the document itself. */
function startsModules(resource: Resource): boolean {
  if (resource.context === 'template' || resource.context === 'srcdoc') return false
  return resource.kind === 'modulepreload' || ('type' in resource && resource.type === 'module')
}

/** The import maps of a page's own, as the one that they become: a page that has several needs them in one for Firefox. */
export class OwnImportMap {
  private constructor(
    private readonly page: ScannedPage,
    private readonly maps: readonly [InlineScript, ...InlineScript[]],
    /** Of all that can be read. */
    readonly text: string,
    private readonly unreadable: readonly (readonly [InlineScript, string])[],
  ) {}

  static of(page: ScannedPage): OwnImportMap | undefined {
    const [first, ...others] = page.resources.filter(isImportMap)
    if (!first) return undefined
    const maps = [first, ...others] as const
    const problems = new Map(maps.map((map) => [map, importMapProblem(map.text)]))
    const readable = maps.filter((map) => problems.get(map) === undefined).map(({ text }) => text)
    const [only = first.text, ...rest] = readable
    const text = rest.length === 0 ? only : mergeImportMaps(readable)
    const unreadable = maps.flatMap((map) => {
      const problem = problems.get(map)
      return problem === undefined ? [] : [[map, problem] as const]
    })
    return new OwnImportMap(page, maps, text, unreadable)
  }

  includes(script: InlineScript): boolean {
    return this.maps.includes(script)
  }

  place(additions: ImportMapAdditions, context: ImportMapContext): PlacedImportMap {
    const { maps, page } = this
    const [first, ...others] = maps
    const findings = this.findings(context)
    const merged =
      additions.integrity.size === 0 || findings.some(({ code }) => code === 'import-map-invalid')
        ? this.text
        : importMapText(this.text, additions, (url) => context.isGone(url))
    const removals = others.map(({ span }): Edit => ({ kind: 'replace', span, text: '' }))
    const late = page.resources.some((one) => one.span.start < first.span.start && startsModules(one))
    if (late) {
      const tag = page.source.slice(first.span.start, first.textSpan.start)
      const removal: Edit = { kind: 'replace', span: first.span, text: '' }
      const element = `${tag}${merged}</script>`
      return { text: merged, span: first.span, element, edits: [removal, ...removals], findings }
    }
    const edit: Edit = { kind: 'replace', span: first.textSpan, text: merged }
    const edits = merged === first.text ? removals : [edit, ...removals]
    return { text: merged, span: first.span, element: undefined, edits, findings }
  }

  private findings({ place }: ImportMapContext): Finding[] {
    const [, second] = this.maps
    return [
      ...this.unreadable.map(([map, reason]) =>
        finding('import-map-invalid', { reason }, place(map.textSpan.start)),
      ),
      ...(second ? [finding('import-map-duplicate', {}, place(second.span.start))] : []),
    ]
  }
}

/** A map of ours, at the start of the head: Firefox takes none behind a module script or a modulepreload link. */
function newImportMap({ headStart }: ScannedPage, additions: ImportMapAdditions): PlacedImportMap {
  const text = importMapText(undefined, additions)
  const element = `<script type="importmap" ${OURS}>${text}</script>`
  return { text, span: { start: headStart, end: headStart }, element, edits: [], findings: [] }
}

/** Puts the integrity of a page's chunks into the user's import map, or into one of our own. */
export function placeImportMap(
  page: ScannedPage,
  own: OwnImportMap | undefined,
  additions: ImportMapAdditions,
  context: ImportMapContext,
): PlacedImportMap | undefined {
  if (own) return own.place(additions, context)
  return additions.integrity.size === 0 ? undefined : newImportMap(page, additions)
}

function importMapProblem(text: string): string | undefined {
  try {
    parseImportMap(text)
    return undefined
  } catch (error) {
    if (error instanceof ImportMapError) return error.message
    throw error
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
