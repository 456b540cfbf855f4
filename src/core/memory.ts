import type { ScannedPage } from './model.ts'
import { scanPage } from './scan.ts'
import type { FoundInFile } from './site-files.ts'

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

  of(path: string, content: Content, round: number, find: () => Found): Found {
    const known = this.known.get(path)
    const found = known && this.isSame(known.content, content) ? known.found : find()
    this.known.set(path, { content, found, round })
    return found
  }

  forget(before: number): void {
    for (const [path, { round }] of this.known) if (round < before) this.known.delete(path)
  }
}

/**
 * What pages and files were found to hold, kept from one build to the next while files are watched. It is used again
 * only for the very same content, which is compared whole; whatever depends on more than that one content is worked out anew.
 */
export class SiteMemory {
  private readonly pages = new Recall<string, ScannedPage>((a, b) => a === b)
  private readonly files = new Recall<Uint8Array, FoundInFile>((a, b) => Buffer.compare(a, b) === 0)
  private round = 0

  /** Begins another build. */
  next(): void {
    this.round++
    for (const recall of [this.pages, this.files]) recall.forget(this.round - KEPT_ROUNDS)
  }

  scan(path: string, html: string): ScannedPage {
    return this.pages.of(path, html, this.round, () => scanPage(path, html))
  }

  file(path: string, bytes: Uint8Array, find: () => FoundInFile): FoundInFile {
    return this.files.of(path, bytes, this.round, find)
  }
}
