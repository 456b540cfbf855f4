import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { serialize } from 'node:v8'
import { version } from '../version.ts'
import type { IntegrityMetadata } from '../core/site/model.ts'
import { DirectoryError } from '../files/errors.ts'
import type { Listing } from '../files/walk.ts'
import type { KeptRecord, PageStore } from './page-store.ts'
import { hashOfPage, type PageHashes, type PageNews, type WorkSetup } from './page-work.ts'
import { readWhole, SiteFiles, type UsedFile } from '../files/file-cache.ts'
import { StagedWrites } from '../files/staged-writes.ts'
import { isInside } from '../files/walk.ts'

type News = Omit<PageNews, 'page'>

/** A record with strings replaced by indexes into a table: the template, and two strings of each inline source. */
interface PackedRecord {
  readonly summary: KeptRecord['summary']
  readonly template: number
  readonly inline: readonly (readonly [expression: number, what: number])[]
}

/** The state of a page after a run. A page without a record is processed again, but its hash must still match. */
interface KeptPage {
  readonly path: string
  readonly hash: string
  readonly record?: PackedRecord
  readonly news?: News
}

interface Kept {
  /** Hash of everything that affects all pages. */
  readonly key: string
  /** The files that were read, with their digests. */
  readonly files: readonly UsedFile[]
  readonly texts: readonly string[]
  readonly pages: readonly KeptPage[]
}

/** The cached data of a page that may be skipped. */
interface KnownPage {
  readonly hash: string
  readonly record: KeptRecord
  readonly news: News | undefined
}

function packed({ summary, template, inline }: KeptRecord, numberOf: (text: string) => number): PackedRecord {
  return {
    summary,
    template: numberOf(template),
    inline: inline.map(({ expression, what }) => [numberOf(expression), numberOf(what)]),
  }
}

function unpacked({ summary, template, inline }: PackedRecord, texts: readonly string[]): KeptRecord {
  const text = (number: number): string => texts[number] ?? ''
  return {
    summary,
    template: text(template),
    inline: inline.map(([expression, what]) => ({ expression: text(expression), what: text(what) })),
  }
}

/** The inputs of a run cache. */
export interface Remembering {
  readonly file: string
  readonly setup: WorkSetup
  readonly listing: Listing
  readonly pages: readonly string[]
}

/** The results of a finished run. */
export interface Finished {
  readonly store: PageStore
  readonly news: readonly PageNews[]
  /** Files that the run has added. */
  readonly added: Iterable<string>
}

/**
 * Lets a run skip pages that have not changed since an earlier run.
 *
 * The result for a page depends on its bytes, the options, the version of this package, the base, the set of files in
 * the site, and the bytes of the files that pages load. All of this is compared by hash; if any of it differs, the run
 * processes every page as if there were no cache. A finding is reported once, for the first page that causes it.
 * Therefore, if a page with findings has changed, no other page can be skipped either.
 */
export class RunMemory {
  private readonly known = new Map<number, KnownPage>()
  private readonly hashes = new Map<number, PageHashes>()
  /** Pages with findings, which other pages depend on, and their hashes when the cache was read. */
  private told: readonly (readonly [page: number, hash: string])[] = []
  private readonly used = new Map<string, IntegrityMetadata>()
  /** True if a file changed during the run; nothing is cached then. */
  private torn = false

  /** @throws {DirectoryError} if the cache file is inside the site, or if a page to compare cannot be read */
  constructor(private readonly run: Remembering) {
    if (isInside(run.listing.root, resolve(run.file))) throw published(run.file)
    const kept = readKept(run.file)
    if (kept?.key === keyOf(run.setup, run.listing.keys())) this.takeOver(kept)
  }

  private takeOver({ files, texts, pages }: Kept): void {
    const { run } = this
    const now = new SiteFiles(run.listing, run.setup.options.algorithm)
    if (files.some(([path, digest]) => now.digest(path) !== digest)) return
    const numbers = new Map(run.pages.map((path, page) => [path, page]))
    const told: (readonly [number, string])[] = []
    for (const { path, hash, record, news } of pages) {
      if (record && !news) continue
      const page = numbers.get(path)
      if (page === undefined || this.hashNow(path) !== hash) return
      told.push([page, hash])
    }
    for (const { path, hash, record, news } of pages) {
      const page = numbers.get(path)
      if (page === undefined || !record) continue
      this.known.set(page, { hash, record: unpacked(record, texts), news })
    }
    this.told = told
    this.note([], files)
  }

  /** The hash that a page must still have to be skipped. */
  hashOf(page: number): string | undefined {
    return this.known.get(page)?.hash
  }

  /** Records the pages that were read and the files that they load. */
  note(hashes: readonly PageHashes[], files: readonly UsedFile[]): void {
    for (const one of hashes) this.hashes.set(one.page, one)
    for (const [path, digest] of files) {
      this.torn ||= (this.used.get(path) ?? digest) !== digest
      this.used.set(path, digest)
    }
  }

  private hashNow(path: string): string {
    return hashOfPage(readWhole(this.run.listing.place(path), path))
  }

  /** Updates the hash of a page that was processed again with a different result. */
  leave(page: number, left: string): void {
    const noted = this.hashes.get(page)
    if (noted) this.hashes.set(page, { ...noted, left })
  }

  /**
   * Adds the records of all skipped pages to the store, and returns their findings.
   * @throws {DirectoryError} if a page that others depend on has changed since the cache was read
   */
  restore(store: PageStore): PageNews[] {
    const changed = this.told.find(([page, hash]) => this.hashes.get(page)?.seen !== hash)
    if (changed) throw DirectoryError.changed(store.path(changed[0]))
    const told: PageNews[] = []
    for (const [page, { hash, record, news }] of this.known) {
      if (this.hashes.get(page)?.seen !== hash) continue
      store.restore(page, record)
      if (news) told.push({ page, ...news })
    }
    return told
  }

  /** @throws {DirectoryError} if the file cannot be written */
  save({ store, news, added }: Finished): void {
    const { run } = this
    if (this.torn) return
    const texts = new Map<string, number>()
    const numberOf = (text: string): number => {
      const number = texts.get(text) ?? texts.size
      texts.set(text, number)
      return number
    }
    const said = new Map(news.map(({ page, ...rest }) => [page, rest]))
    const pages = run.pages.map((path, page): KeptPage => {
      const told = said.get(page)
      const record = store.get(page)
      const kept = store.kept(page)
      const left = { path, hash: this.hashes.get(page)?.left ?? '' }
      // In a rewritten page, lines have moved, so its findings would name wrong lines.
      if (!kept || (told && record?.changed)) return left
      return { ...left, record: packed(kept, numberOf), ...(told && { news: told }) }
    })
    const renewed = new SiteFiles(run.listing, run.setup.options.algorithm)
    for (const { path } of news.flatMap(({ copies }) => copies)) {
      const digest = renewed.digest(path)
      if (digest) this.used.set(path, digest)
    }
    const key = keyOf(run.setup, [...run.listing.keys(), ...added])
    writeKept(run.file, { key, files: [...this.used], texts: [...texts.keys()], pages })
  }
}

function published(file: string): DirectoryError {
  const message = `${file} lies in the site and would be published with it. Give a place outside of it.`
  return new DirectoryError('unwritable', message, file)
}

function keyOf({ made, base, options, metas }: WorkSetup, names: Iterable<string>): string {
  const all = [version(), made, base, options, metas, [...new Set(names)].toSorted()]
  return hashOfPage(serialize(all))
}

/** The first line is the hash of the second, so a truncated or edited file is ignored. */
function readKept(file: string): Kept | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
  const [sum, body = ''] = text.split('\n')
  if (sum !== sumOf(body)) return undefined
  return JSON.parse(body) as Kept
}

function writeKept(file: string, kept: Kept): void {
  const body = JSON.stringify(kept)
  const writes = new StagedWrites()
  try {
    writes.stage(file, resolve(file), Buffer.from(`${sumOf(body)}\n${body}\n`))
    writes.commit()
  } catch (error) {
    const { cause } = error as Error
    const why = cause instanceof Error ? cause.message : String(error)
    throw new DirectoryError(
      'unwritable',
      `The site is done, but what the next run could use cannot be written to ${file}: ${why}. Give another place.`,
      file,
      { cause: error },
    )
  }
}

function sumOf(body: string): string {
  return hash('sha256', body)
}
