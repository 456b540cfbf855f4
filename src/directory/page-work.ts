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

/** The settings for working on pages, on the main thread or a worker thread. */
export interface WorkSetup {
  /** Files that the run adds to the site. */
  readonly made: readonly DataModule[]
  readonly base: string
  readonly options: PageOptions
  /** The policies that a page carries in metas: its own, none, or unknown until the outputs have run. */
  readonly metas: 'own' | 'none' | 'unknown'
  readonly dryRun: boolean
  /** True if the run uses a cache; it then collects the hashes of pages and of the files they load. */
  readonly remembers: boolean
}

/** A page to work on. */
export interface PageTask {
  readonly page: number
  /** Hash of the page after an earlier run. If the page still has this hash, it is skipped. */
  readonly known: string | undefined
}

/** Hashes of a page before and after the run. */
export interface PageHashes {
  readonly page: number
  readonly seen: string
  readonly left: string
}

/** Must be a cryptographic hash: a page whose hash is in the cache is skipped without further checks. */
export const hashOfPage = (bytes: Uint8Array): string => hash('sha256', bytes, 'base64')

/** The directories that pages are read from and written to. */
export interface WorkPlaces {
  readonly site: Listing
  /** The output directory, if it is not the site itself. */
  readonly out: Listing | undefined
}

/** The findings for one page, and the compressed copies made for it. */
export interface PageNews extends PageFindings {
  readonly page: number
  /** Findings of the checks on the finished page. */
  readonly finished: readonly Finding[]
  readonly copies: readonly CopyMade[]
  /** The file is not a document, so it stays unchanged. */
  readonly fragment?: true
}

export interface CopyMade extends Outcome {
  readonly path: string
}

/** The results since the last call of `take`. */
export interface PageBatch {
  readonly records: readonly PageRecord[]
  readonly news: readonly PageNews[]
  /** Hashes of the pages; empty without a cache. The same goes for `used`, the files that pages load. */
  readonly hashes: readonly PageHashes[]
  readonly used: readonly UsedFile[]
}

interface Finished extends Outcome {
  /** Hash of the page after the run, if the page changed and the run uses a cache. */
  readonly left?: string
  readonly copies: readonly CopyMade[]
  readonly findings: readonly Finding[]
}

const UNFINISHED: Finished = { changed: false, exists: false, copies: [], findings: [] }

/** Reads pages, computes their policies and stages the results. Each page is independent, so any thread can do it. */
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

  /** @throws {DirectoryError} if the page cannot be read or its result cannot be written */
  do({ page, known }: PageTask): void {
    const path = this.pages[page] ?? ''
    const file = this.buffer.read(path, this.listing.place(path))
    this.seen.add(path, file.stats)
    this.bytesRead += file.bytes.length
    const seen = this.setup.remembers ? hashOfPage(file.bytes) : ''
    const left = seen !== '' && seen === known ? undefined : this.work(page, file)
    if (this.setup.remembers) this.hashes.push({ page, seen, left: left ?? seen })
  }

  /** Returns the hash of the resulting page if it differs from the original. */
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

  /** Processes a page again with the metas that the outputs want. Replaces a file staged before. */
  redo(page: number, metas: readonly Policy[]): Finished {
    const { path, file, html } = this.readAgain(page)
    unstageFile(this.out.place(path))
    return this.stage(page, html, file, finishPage(this.secure(path, html), metas))
  }

  /** Returns the results since the last call and forgets them. */
  take(): PageBatch {
    const { records, news, hashes } = this
    this.records = []
    this.news = []
    this.hashes = []
    return { records, news, hashes, used: this.setup.remembers ? this.files.takeUsed() : [] }
  }

  /** The positions of the inline sources of a page's policies. */
  spans(page: number): Span[] {
    const { path, html } = this.readAgain(page)
    return inlineSpans(this.secure(path, html).policies)
  }

  /** A page that another program has written since we read it. */
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
