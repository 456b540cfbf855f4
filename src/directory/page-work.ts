import { type Finding, finding } from '../core/findings/index.ts'
import { SiteInspector } from '../core/rules/page-review.ts'
import type { Policy, Span } from '../core/site/model.ts'
import { type PageFindings, SeenFindings } from '../core/rules/seen-findings.ts'
import { policiesForMeta } from '../outputs/meta.ts'
import { finishPage, type PageOptions, type PlannedPage, securePage } from '../pipeline.ts'
import { compressedCopies, ENCODINGS } from '../files/compressed.ts'
import type { DataModule } from '../core/graph/data-modules.ts'
import { directorySite, type DirectorySite } from './directory-site.ts'
import type { Listing } from './walk.ts'
import { decodePage } from '../files/read.ts'
import { FileBuffer, type ReadFile, SeenFiles } from './page-file.ts'
import { PageHashes } from './page-hashes.ts'
import { inlineSpans, MARK, type PackedRecords, RecordWriter } from './page-store.ts'
import { readWhole, SiteFiles, type UsedFile } from './file-cache.ts'
import { checkFinished, type FinishedPage } from '../own-result.ts'
import { settleFile, stageFile, unstageFile } from '../files/staged-writes.ts'
import type { FileChange } from './api.ts'

/** What it takes to work on the pages of a site, in this thread or another. */
export interface WorkSetup {
  /** Files that the run adds to the site. */
  readonly made: readonly DataModule[]
  readonly base: string
  readonly options: PageOptions
  /** The policies that a page carries in metas, as far as that can be said before the outputs have spoken. */
  readonly metas: 'own' | 'none' | 'unknown'
  readonly dryRun: boolean
  /** What is known of pages: those that are as an earlier run left them are skipped. */
  readonly hashes: PageHashes['shared'] | undefined
}

/** What lies where pages are read, and where they are written. */
export interface WorkPlaces {
  readonly site: Listing
  /** The directory for the result, where it is another one. */
  readonly out: Listing | undefined
}

/** What there is to say about one page, and what else was made for it. */
export interface PageNews extends PageFindings {
  readonly page: number
  /** What is told when the page is finished. */
  readonly finished: readonly Finding[]
  readonly copies: readonly CopyMade[]
}

export interface CopyMade {
  readonly path: string
  readonly marks: number
}

/** What was done since the last time. */
export interface PageBatch {
  readonly records: PackedRecords
  readonly news: readonly PageNews[]
  /** Files that pages led to, where somebody wants to know. */
  readonly used: readonly UsedFile[]
}

interface Finished {
  readonly marks: number
  readonly copies: readonly CopyMade[]
  readonly findings: readonly Finding[]
}

const UNFINISHED: Finished = { marks: 0, copies: [], findings: [] }

/** Reads pages, decides about them, and stages what becomes of them: each page by itself, in any thread. */
export class PageWork {
  readonly pages: readonly string[]
  readonly site: DirectorySite
  private readonly listing: Listing
  private readonly out: Listing
  private readonly files: SiteFiles
  private readonly inspector: SiteInspector
  private readonly buffer = new FileBuffer()
  private readonly seen = new SeenFiles()
  private readonly seenFindings = new SeenFindings()
  private readonly records = new RecordWriter()
  private readonly hashes: PageHashes | undefined
  private readonly staged: string[] = []
  private news: PageNews[] = []
  private graphFindings = 0
  private bytesRead = 0

  constructor(
    private readonly setup: WorkSetup,
    { site, out = site }: WorkPlaces,
    private readonly onChange?: (change: FileChange) => void,
  ) {
    this.listing = site
    this.out = out
    this.pages = this.listing.pages
    this.hashes = setup.hashes && new PageHashes(setup.hashes)
    this.files = new SiteFiles(this.listing, setup.options.algorithm)
    for (const { path, text } of setup.made) this.files.add(path, Buffer.from(text))
    this.site = directorySite(setup.base, this.files, () => this.listing.keys(), setup.made)
    this.inspector = new SiteInspector(this.site.context, setup.options, (path) => this.files.digest(path))
  }

  private get inPlace(): boolean {
    return this.out === this.listing
  }

  get read(): number {
    return this.bytesRead
  }

  /** @throws {DirectoryError} if the page cannot be read, or what becomes of it cannot be written */
  do(page: number): void {
    const path = this.pages[page] ?? ''
    const file = this.buffer.read(path, this.listing.place(path))
    this.seen.add(path, file.stats)
    this.bytesRead += file.bytes.length
    if (this.hashes?.see(page, file.bytes)) return
    const html = decodePage(file.bytes)
    if (html === undefined) {
      const findings = [finding('page-encoding', {}, { file: path, source: '', offset: 0 })]
      this.news.push({ page, findings, pins: [], finished: [], copies: [] })
      return
    }
    const planned = this.secure(path, html)
    const { metas } = this.setup
    const secured = finishPage(planned, metas === 'own' ? policiesForMeta(planned.policies) : [])
    const done = metas === 'unknown' ? UNFINISHED : this.stage(page, html, file, secured)
    this.records.add(page, MARK.secured | done.marks, secured.summary, planned.policies)
    this.tell(page, planned, done)
  }

  /** Does a page again, with other metas than it was given, where it was given any. */
  redo(page: number, metas: readonly Policy[]): Finished {
    const { path, file, html } = this.readAgain(page)
    unstageFile(this.out.place(path))
    return this.stage(page, html, file, finishPage(this.secure(path, html), metas))
  }

  /** What was done since the last time. */
  take(): PageBatch {
    const { news } = this
    this.news = []
    return { records: this.records.take(), news, used: this.hashes ? this.files.takeUsed() : [] }
  }

  /** Where the inline sources of a page's policies stand in it. */
  spans(page: number): Span[] {
    const { path, html } = this.readAgain(page)
    return inlineSpans(this.secure(path, html).policies)
  }

  /** A page that was written by somebody else since it was read here. */
  changedMeanwhile(): string | undefined {
    return this.seen.changed((path) => this.listing.place(path))
  }

  settle(): void {
    for (const path of this.staged) settleFile(this.out.place(path))
  }

  discard(): void {
    for (const path of this.staged) unstageFile(this.out.place(path))
  }

  private readAgain(page: number): { path: string; file: ReadFile; html: string } {
    const path = this.pages[page] ?? ''
    const file = this.buffer.read(path, this.listing.place(path))
    return { path, file, html: decodePage(file.bytes) ?? '' }
  }

  private secure(path: string, html: string): PlannedPage {
    return securePage(this.site.context, { path, html }, this.setup.options, this.inspector)
  }

  private tell(page: number, planned: PlannedPage, { findings: finished, copies }: Finished): void {
    const { findings: ofScripts } = this.site.scripts
    const graph = ofScripts.slice(this.graphFindings)
    this.graphFindings = ofScripts.length
    const { pins } = planned
    const { findings, pins: newPins } = this.seenFindings.newOf({
      findings: [...planned.findings, ...graph],
      pins,
    })
    if ([findings, newPins, finished, copies].every(({ length }) => length === 0)) return
    this.news.push({ page, findings, pins: newPins, finished, copies })
  }

  private stage(page: number, before: string, file: ReadFile, finished: FinishedPage): Finished {
    const path = this.pages[page] ?? ''
    const after = finished.html
    const findings: Finding[] = checkFinished(finished)
    const copies: CopyMade[] = []
    if (ENCODINGS.some(({ extension }) => this.listing.has(path + extension))) {
      const bytes = Buffer.from(after)
      for (const copy of compressedCopies(path, file.bytes, bytes, (name) => this.files.read(name))) {
        if (!copy.renewed) findings.push(finding('compressed-stale', { path: copy.path, page: path }))
        else if (after !== before)
          copies.push({ path: copy.path, marks: this.put(copy.path, copy.renewed, undefined) })
      }
    }
    if (this.inPlace && after === before) return { marks: MARK.exists, copies, findings }
    const present = this.inPlace ? file : undefined
    const bytes = this.buffer.encode(after)
    this.hashes?.leave(page, bytes)
    return { marks: this.put(path, bytes, present), copies, findings }
  }

  private put(path: string, after: Uint8Array, present: ReadFile | undefined): number {
    const real = this.out.place(path)
    const before = present?.bytes ?? (this.out.has(path) ? readWhole(real, path) : undefined)
    const exists = before === undefined ? 0 : MARK.exists
    if (before?.equals(after)) return exists
    this.onChange?.({ path, before: before && Buffer.from(before), after: Buffer.from(after) })
    if (!this.setup.dryRun) {
      stageFile(path, real, after, present?.stats)
      this.staged.push(path)
    }
    return MARK.changed | exists
  }
}
