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

/** A record whose texts are numbers of a table: the template, then of each inline source its expression and what it is. */
interface PackedRecord {
  readonly summary: KeptRecord['summary']
  readonly template: number
  readonly inline: readonly (readonly [expression: number, what: number])[]
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

/** What an earlier run knew of a page that may be skipped. */
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

/** What the cache of a run depends on. */
export interface Remembering {
  readonly file: string
  readonly setup: WorkSetup
  readonly listing: Listing
  readonly pages: readonly string[]
}

/** What a finished run knows. */
export interface Finished {
  readonly store: PageStore
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
  private readonly known = new Map<number, KnownPage>()
  private readonly hashes = new Map<number, PageHashes>()
  /** Pages on which others depend, and their hashes when the cache was read. */
  private told: readonly (readonly [page: number, hash: string])[] = []
  private readonly used = new Map<string, IntegrityMetadata>()
  /** True if a file changed during the run; nothing is cached then. */
  private torn = false

  /** @throws {DirectoryError} if the file lies in the site, or if a page that is to be compared cannot be read */
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

  /** Hash of a page that can be skipped if it still has it. */
  hashOf(page: number): string | undefined {
    return this.known.get(page)?.hash
  }

  /** Takes note of pages that were read, and of files that they led to. */
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

  /** The page was done again, and is left otherwise than it was noted. */
  leave(page: number, left: string): void {
    const noted = this.hashes.get(page)
    if (noted) this.hashes.set(page, { ...noted, left })
  }

  /**
   * Puts the records of the pages that were skipped into the store, and returns their findings.
   * @throws {DirectoryError} if a page on which others depend was changed since that was looked at
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
      // Findings of a page that was rewritten name lines that have moved.
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
