import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { serialize } from 'node:v8'
import { version } from '../version.ts'
import type { IntegrityMetadata } from '../core/site/model.ts'
import { DirectoryError } from '../files/errors.ts'
import type { Listing } from './walk.ts'
import { PageHashes } from './page-hashes.ts'
import { type KeptRecord, MARK, type PageRecords } from './page-store.ts'
import type { PageNews, WorkSetup } from './page-work.ts'
import { readWhole, SiteFiles, type UsedFile } from './file-cache.ts'
import { StagedWrites } from '../files/staged-writes.ts'
import { isInside } from './walk.ts'

type News = Omit<PageNews, 'page'>

/** A record whose texts are numbers of a table. */
interface PackedRecord {
  readonly summary: KeptRecord['summary']
  readonly texts: readonly number[]
}

/** A page as a run left it. One without a record is worked on again, but must still be the same. */
interface KeptPage {
  readonly path: string
  readonly hash: string
  readonly record?: PackedRecord
  readonly news?: News
}

interface Kept {
  /** Hash of all that has a say in every page. */
  readonly key: string
  /** The files that were read, and what they held. */
  readonly files: readonly UsedFile[]
  readonly texts: readonly string[]
  readonly pages: readonly KeptPage[]
}

/** What a run has to do with its memory. */
export interface Remembering {
  readonly file: string
  readonly setup: WorkSetup
  readonly listing: Listing
  readonly pages: readonly string[]
}

/** What a finished run knows. */
export interface Finished {
  readonly records: PageRecords
  readonly news: readonly PageNews[]
  /** Files that the run has added. */
  readonly added: Iterable<string>
}

/**
 * Lets a run skip the pages that are as an earlier run left them.
 *
 * What is decided about a page depends on its bytes, on the options and this package, on the base, on which files there
 * are, and on the bytes of those that pages lead to. All of that is compared, by hashes; whatever differs, the run goes
 * over all pages as if there were no memory. Findings are told once, at the first page that leads to them: so where a
 * page that had something to tell has changed, no other can be skipped either.
 */
export class RunMemory {
  readonly hashes: PageHashes
  private readonly known = new Map<number, readonly [KeptRecord, News | undefined]>()
  /** Pages on which others depend, and what they held when that was looked at. */
  private told: readonly (readonly [page: number, hash: string])[] = []
  private readonly used = new Map<string, IntegrityMetadata>()
  /** Whether a file was one thing to one page and another to the next. */
  private torn = false

  /** @throws {DirectoryError} if the file lies in the site, or if a page that is to be compared cannot be read */
  constructor(private readonly run: Remembering) {
    if (isInside(run.listing.root, resolve(run.file))) throw published(run.file)
    this.hashes = PageHashes.of(run.pages.length)
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
      this.hashes.know(page, Buffer.from(hash, 'base64'))
      const { summary } = record
      this.known.set(page, [{ summary, texts: record.texts.map((text) => texts[text] ?? '') }, news])
    }
    this.told = told
    this.use(files)
  }

  /** Takes note of files that pages led to. */
  use(files: readonly UsedFile[]): void {
    for (const [path, digest] of files) {
      this.torn ||= (this.used.get(path) ?? digest) !== digest
      this.used.set(path, digest)
    }
  }

  private hashNow(path: string): string {
    return PageHashes.hash(readWhole(this.run.listing.place(path), path)).toString('base64')
  }

  /**
   * Tells of the pages that were skipped what is known of them.
   * @throws {DirectoryError} if a page on which others depend was changed since that was looked at
   */
  restore(records: PageRecords): PageNews[] {
    const changed = this.told.find(([page, hash]) => this.hashes.seen(page) !== hash)
    if (changed) throw DirectoryError.changed(records.path(changed[0]))
    const told: PageNews[] = []
    for (const [page, [record, news]] of this.known) {
      if (!this.hashes.isKnown(page)) continue
      records.restore(page, record)
      if (news) told.push({ page, ...news })
    }
    return told
  }

  /** @throws {DirectoryError} if the file cannot be written */
  save({ records, news, added }: Finished): void {
    const { run, hashes } = this
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
      const marks = records.marks(page)
      const left = { path, hash: hashes.left(page) }
      // What was told of a page that has changed since names other lines than it has now.
      if (!(marks & MARK.secured) || (told && marks & MARK.changed)) return left
      const { summary, texts: own } = records.kept(page)
      return { ...left, record: { summary, texts: own.map(numberOf) }, ...(told && { news: told }) }
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
  return PageHashes.hash(serialize(all)).toString('base64')
}

/** The first line is the hash of the second: a file that somebody cut off or changed is none. */
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
  return PageHashes.hash(Buffer.from(body)).toString('hex')
}
