import type { ScannedPage } from '../core/site/model.ts'
import { scanPage } from '../core/html/scan.ts'
import type { FoundInFile } from '../core/needs/searched-files.ts'

interface Known<Content, Found> {
  readonly content: Content
  readonly found: Found
  readonly round: number
}

/** What nobody has asked for in so many rounds is forgotten: the names of chunks change with what is in them. */
const KEPT_ROUNDS = 8

class Recall<Content, Found> {
  private readonly known = new Map<string, Known<Content, Found>>()

  constructor(private readonly isSame: (a: Content, b: Content) => boolean) {}

  get(path: string, content: Content): Found | undefined {
    const known = this.known.get(path)
    return known && this.isSame(known.content, content) ? known.found : undefined
  }

  set(path: string, content: Content, round: number, found: Found): void {
    this.known.set(path, { content, found, round })
  }

  of(path: string, content: Content, round: number, find: () => Found): Found {
    const found = this.get(path, content) ?? find()
    this.set(path, content, round, found)
    return found
  }

  forget(before: number): void {
    for (const [path, { round }] of this.known) if (round < before) this.known.delete(path)
  }
}

/** All that decides about a page beside its own text, for as far as somebody looked at it. */
export interface Surroundings {
  /** Whether whoever looked then would see the same now. */
  areAs(before: this): boolean
}

/**
 * What pages and files were found to hold, kept from one build to the next while files are watched. It is used again
 * only for the very same content, which is compared whole; what depends on more than that one content, only as long as
 * all its surroundings are the same.
 */
export class SiteMemory<Page = unknown> {
  private readonly scans = new Recall<string, ScannedPage>((a, b) => a === b)
  private readonly files = new Recall<Uint8Array, FoundInFile>((a, b) => Buffer.compare(a, b) === 0)
  private readonly pages = new Recall<string, Page>((a, b) => a === b)
  private surroundings: Surroundings | undefined
  private round = 0

  /** Begins another build. Without surroundings nothing is known of them. */
  next(surroundings?: Surroundings): void {
    this.round++
    for (const recall of [this.scans, this.files]) recall.forget(this.round - KEPT_ROUNDS)
    const same = this.surroundings !== undefined && surroundings?.areAs(this.surroundings)
    // A page that was not kept in the last build has nothing to do with its surroundings.
    this.pages.forget(same ? this.round - 1 : this.round)
    this.surroundings = surroundings
  }

  scan(path: string, html: string): ScannedPage {
    return this.scans.of(path, html, this.round, () => scanPage(path, html))
  }

  file(path: string, bytes: Uint8Array, find: () => FoundInFile): FoundInFile {
    return this.files.of(path, bytes, this.round, find)
  }

  /** What was made of a page in the last build, if it would be the same in this one. */
  page(path: string, html: string): Page | undefined {
    return this.pages.get(path, html)
  }

  keepPage(path: string, html: string, page: Page): void {
    this.pages.set(path, html, this.round, page)
  }

  /** Nothing is used again of what was kept for pages. */
  forgetPages(): void {
    this.pages.forget(this.round + 1)
  }
}
