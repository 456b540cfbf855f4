import { scanPage } from '../core/html/scan.ts'
import type { FoundInFile } from '../core/needs/searched-files.ts'
import type { ScanCache } from '../core/rules/page-review.ts'
import type { ScannedPage } from '../core/site/model.ts'

/** Entries unused for this many rebuilds are evicted: a chunk changes its name with its content. */
const KEPT_BUILDS = 8

interface Entry<Content, Found> {
  readonly content: Content
  readonly found: Found
  readonly build: number
}

class FoundByPath<Content, Found> {
  private readonly entries = new Map<string, Entry<Content, Found>>()

  constructor(private readonly isSame: (a: Content, b: Content) => boolean) {}

  get(path: string, content: Content, build: number, find: () => Found): Found {
    const entry = this.entries.get(path)
    const found = entry && this.isSame(entry.content, content) ? entry.found : find()
    this.entries.set(path, { content, found, build })
    return found
  }

  evict(before: number): void {
    for (const [path, { build }] of this.entries) if (build < before) this.entries.delete(path)
  }
}

/**
 * Caches the scan results of pages and files between the builds of `vite build --watch`. An entry is reused only
 * for identical content, so no other change can make it stale.
 */
export class RebuildCache implements ScanCache {
  private readonly pages = new FoundByPath<string, ScannedPage>((a, b) => a === b)
  private readonly files = new FoundByPath<Uint8Array, FoundInFile>((a, b) => Buffer.compare(a, b) === 0)
  private build = 0

  /** Starts another build, and evicts old entries. */
  next(): void {
    this.build++
    for (const entries of [this.pages, this.files]) entries.evict(this.build - KEPT_BUILDS)
  }

  scan(path: string, html: string): ScannedPage {
    return this.pages.get(path, html, this.build, () => scanPage(path, html))
  }

  file(path: string, bytes: Uint8Array, find: () => FoundInFile): FoundInFile {
    return this.files.get(path, bytes, this.build, find)
  }
}
