import { hash } from 'node:crypto'
import { type Finding, finding } from '../core/findings/index.ts'
import { SiteInspector } from '../core/rules/page-review.ts'
import type { Policy, Span } from '../core/site/model.ts'
import { type PageFindings, SeenFindings } from '../core/rules/seen-findings.ts'
import { policiesForMeta } from '../outputs/meta.ts'
import { finishPage, type PageOptions, type PlannedPage, securePage } from '../pipeline.ts'
import { compressedCopies, ENCODINGS } from '../files/compressed.ts'
import type { DataModule } from '../core/graph/data-modules.ts'
import { isFragment } from '../core/page/left-pages.ts'
import { directorySite, type DirectorySite } from './directory-site.ts'
import type { Listing } from '../files/walk.ts'
import { decodePage } from '../files/read.ts'
import { FileBuffer, type ReadFile, SeenFiles } from './page-file.ts'
import { inlineSpans, type Outcome, type PageRecord, RecordMaker } from './page-store.ts'
import { readWhole, SiteFiles, type UsedFile } from '../files/file-cache.ts'
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
  /** Whether the run remembers pages, so that their hashes and the files they lead to are of interest. */
  readonly remembers: boolean
}

/** A page to work on. */
export interface PageTask {
  readonly page: number
  /** Hash of the page as an earlier run left it: if it still has that, it is skipped. */
  readonly known: string | undefined
}

/** Hashes of a page as it was read, and as the run leaves it. */
export interface PageHashes {
  readonly page: number
  readonly seen: string
  readonly left: string
}

/** SHA-256: a page with a known hash is skipped without another look. */
export const hashOfPage = (bytes: Uint8Array): string => hash('sha256', bytes, 'base64')

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
  /** There is no document in the file, so it stays as it is. */
  readonly fragment?: true
}

export interface CopyMade extends Outcome {
  readonly path: string
}

/** What was done since the last time. */
export interface PageBatch {
  readonly records: readonly PageRecord[]
  readonly news: readonly PageNews[]
  /** Hashes of the pages, and files that they led to, if the run remembers pages. */
  readonly hashes: readonly PageHashes[]
  readonly used: readonly UsedFile[]
}

interface Finished extends Outcome {
  /** Hash of the page as it is left, if that differs from what was read and the run remembers pages. */
  readonly left?: string
  readonly copies: readonly CopyMade[]
  readonly findings: readonly Finding[]
}

const UNFINISHED: Finished = { changed: false, exists: false, copies: [], findings: [] }

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
  private readonly maker = new RecordMaker()
  private readonly staged: string[] = []
  private records: PageRecord[] = []
  private news: PageNews[] = []
  private hashes: PageHashes[] = []
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
  do({ page, known }: PageTask): void {
    const path = this.pages[page] ?? ''
    const file = this.buffer.read(path, this.listing.place(path))
    this.seen.add(path, file.stats)
    this.bytesRead += file.bytes.length
    const seen = this.setup.remembers ? hashOfPage(file.bytes) : ''
    const left = seen !== '' && seen === known ? undefined : this.work(page, file)
    if (this.setup.remembers) this.hashes.push({ page, seen, left: left ?? seen })
  }

  /** Returns the hash of the page as it will be, if that differs. */
  private work(page: number, file: ReadFile): string | undefined {
    const path = this.pages[page] ?? ''
    const html = decodePage(file.bytes)
    if (html === undefined) {
      const findings = [finding('page-encoding', {}, { file: path, source: '', offset: 0 })]
      this.news.push({ page, findings, pins: [], finished: [], copies: [] })
      return undefined
    }
    if (isFragment(html)) {
      this.news.push({ page, findings: [], pins: [], finished: [], copies: [], fragment: true })
      return undefined
    }
    const planned = this.secure(path, html)
    const { metas } = this.setup
    const secured = finishPage(planned, metas === 'own' ? policiesForMeta(planned.policies) : [])
    const done = metas === 'unknown' ? UNFINISHED : this.stage(page, html, file, secured)
    this.records.push(this.maker.of(page, done, secured.summary, planned.policies))
    this.tell(page, planned, done)
    return done.left
  }

  /** Does a page again, with other metas than it was given, where it was given any. */
  redo(page: number, metas: readonly Policy[]): Finished {
    const { path, file, html } = this.readAgain(page)
    unstageFile(this.out.place(path))
    return this.stage(page, html, file, finishPage(this.secure(path, html), metas))
  }

  /** What was done since the last time. */
  take(): PageBatch {
    const { records, news, hashes } = this
    this.records = []
    this.news = []
    this.hashes = []
    return { records, news, hashes, used: this.setup.remembers ? this.files.takeUsed() : [] }
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
          copies.push({ path: copy.path, ...this.put(copy.path, copy.renewed, undefined) })
      }
    }
    if (this.inPlace && after === before) return { changed: false, exists: true, copies, findings }
    const present = this.inPlace ? file : undefined
    const bytes = this.buffer.encode(after)
    const left = this.setup.remembers ? { left: hashOfPage(bytes) } : {}
    return { ...this.put(path, bytes, present), ...left, copies, findings }
  }

  private put(path: string, after: Uint8Array, present: ReadFile | undefined): Outcome {
    const real = this.out.place(path)
    const before = present?.bytes ?? (this.out.has(path) ? readWhole(real, path) : undefined)
    const exists = before !== undefined
    if (before?.equals(after)) return { changed: false, exists }
    this.onChange?.({ path, before: before && Buffer.from(before), after: Buffer.from(after) })
    if (!this.setup.dryRun) {
      stageFile(path, real, after, present?.stats)
      this.staged.push(path)
    }
    return { changed: true, exists }
  }
}
