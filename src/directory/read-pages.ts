import { digest } from '../core/digest.ts'
import { type Finding, finding } from '../core/findings.ts'
import type { IntegrityMetadata, SiteContext } from '../core/model.ts'
import type { SiteInspector } from '../core/inspect.ts'
import type { ResolvedOptions } from '../options.ts'
import { finishPage, type PlannedPage, type SecuredPage, securePage } from '../secure.ts'
import type { Policy } from '../core/model.ts'
import { DirectoryError } from './errors.ts'
import type { SlimPlans } from './slim-plan.ts'

/** A page that was decided upon; its source is let go, so that memory does not hold all pages at once. */
export interface ReadPage {
  readonly planned: PlannedPage
  readonly pinnedFiles: number
  /** Of the bytes as they were when the page was read. */
  readonly hash: IntegrityMetadata
}

export interface PageReader {
  readonly context: SiteContext
  readonly options: ResolvedOptions
  readonly inspector: SiteInspector
  readonly plans: SlimPlans
  /** Bytes of a page, read anew each time. */
  bytes(path: string): Uint8Array
}

/** The text of a page, `undefined` if it is no UTF-8. */
export function decodePage(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

const hashOf = (bytes: Uint8Array): IntegrityMetadata => digest(bytes, 'sha256')

/** Reads a page and decides about it. */
export function readPage(
  reader: PageReader,
  path: string,
): { readonly page: ReadPage | undefined; readonly findings: readonly Finding[] } {
  const bytes = reader.bytes(path)
  const html = decodePage(bytes)
  if (html === undefined)
    return {
      page: undefined,
      findings: [finding('page-encoding', {}, { file: path, source: '', offset: 0 })],
    }
  const planned = securePage(reader.context, { path, html }, reader.options, reader.inspector)
  const { plan } = planned
  return {
    page: { planned: reader.plans.of(planned), pinnedFiles: plan.pinned.size, hash: hashOf(bytes) },
    findings: plan.findings,
  }
}

/**
 * The page as it will be.
 * @throws {DirectoryError} if it is not what was read before
 */
export function finishReadPage(
  reader: PageReader,
  { planned, pinnedFiles, hash }: ReadPage,
  metas: readonly Policy[],
): { readonly before: Uint8Array; readonly secured: SecuredPage } {
  const before = reader.bytes(planned.path)
  if (hashOf(before) !== hash) {
    throw new DirectoryError(
      'changed-meanwhile',
      `${planned.path} was changed by another program while the run was under way. Nothing was changed. Run again when it is done.`,
      planned.path,
    )
  }
  const source = decodePage(before) ?? ''
  const { plan } = planned
  const secured = finishPage({ ...planned, plan: { ...plan, page: { ...plan.page, source } } }, metas)
  return { before, secured: { ...secured, summary: { ...secured.summary, pinnedFiles } } }
}
