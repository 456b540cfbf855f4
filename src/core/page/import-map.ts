import { type Finding, finding, type FindingPlace } from '../findings/index.ts'
import { type ImportMapAdditions, ImportMapError, importMapText } from '../graph/import-map-text.ts'
import type { InlineScript, Resource, ScannedPage, Span } from '../site/model.ts'
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
