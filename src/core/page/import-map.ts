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

/** The import map that a page ends up with. */
export interface PlacedImportMap {
  /** Must be hashed: browsers ignore an import map whose hash no policy lists, and its pins with it. */
  readonly text: string
  readonly span: Span
  /** Source of an element for the head, if the map is new or moves: it precedes all other scripts there. */
  readonly element: string | undefined
  readonly edits: readonly Edit[]
  readonly findings: readonly Finding[]
}

export interface ImportMapContext {
  /** Whether a URL of the user's map names a file of the site that no longer exists. */
  isGone(url: string): boolean
  place(offset: number): FindingPlace
}

/** Whether a resource is an import map that applies to the page's document. Maps in templates and frames do not. */
export function isImportMap(resource: Resource): resource is InlineScript {
  const { kind, context } = resource
  const live = context === 'document' || context === 'shadow-root'
  return live && kind === 'inline-script' && resource.type === 'importmap'
}

/** Whether a resource makes the browser load modules, in the document itself. */
function startsModules(resource: Resource): boolean {
  if (resource.context === 'template' || resource.context === 'srcdoc') return false
  return resource.kind === 'modulepreload' || ('type' in resource && resource.type === 'module')
}

/** The page's own import maps, merged into one: for Firefox, a page with several needs a single map. */
export class OwnImportMap {
  private constructor(
    private readonly page: ScannedPage,
    private readonly maps: readonly [InlineScript, ...InlineScript[]],
    /** Merged text of all maps that can be parsed. */
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

/**
 * Creates our own map at the start of the head: Firefox ignores a map after a module script or a modulepreload
 * link.
 */
function newImportMap({ headStart }: ScannedPage, additions: ImportMapAdditions): PlacedImportMap {
  const text = importMapText(undefined, additions)
  const element = `<script type="importmap" ${OURS}>${text}</script>`
  return { text, span: { start: headStart, end: headStart }, element, edits: [], findings: [] }
}

/** Adds the integrity of a page's chunks to the user's import map, or to a new one. */
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

/** The import map entries for the files of a page, with URLs as the page may write them. */
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

  /** Pins a file under every URL that it is requested by, and returns those URLs. */
  pin(path: string, hash: IntegrityMetadata | undefined): readonly URL[] {
    const urls = this.urlsOf(path)
    if (hash) for (const url of urls) this.integrity.set(writtenUrl(url, this.base), hash)
    return urls
  }

  /** Pins a module of another origin. */
  pinUrl(url: string, hash: IntegrityMetadata): void {
    this.integrity.set(url, hash)
  }

  /** Maps the `data:` URLs that scripts import to files with the same text, if these files are among the scripts. */
  guard(scripts: readonly string[]): void {
    for (const [url, path] of this.site.dataModules ?? [])
      if (scripts.includes(path)) for (const to of this.written(path)) this.imports.set(url, to)
  }

  /** In the directories of the files pinned so far, only the exact pinned URLs and these styles resolve. */
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
 * The URL that an inline script passes to SystemJS. `@vitejs/plugin-legacy` stores it in an attribute of the
 * script's own element: `System.import(document.getElementById(…).getAttribute('data-src'))`.
 */
export function systemEntry(source: string, { span, textSpan, text }: InlineScript): string | undefined {
  if (!text.includes('System.import')) return undefined
  const [, ...urls] = DATA_SRC.exec(source.slice(span.start, textSpan.start)) ?? []
  return urls.find((url) => url !== undefined)
}

/**
 * SystemJS loads scripts through elements of its own, to which browsers' import maps do not apply; it has its own
 * kind of map.
 * @see https://github.com/systemjs/systemjs/blob/main/docs/import-maps.md
 */
export function systemImportMap(integrity: ReadonlyMap<string, IntegrityMetadata>): string {
  const text = importMapText(undefined, { imports: new Map(), integrity })
  return `<script type="systemjs-importmap" ${OURS}>${text}</script>`
}
