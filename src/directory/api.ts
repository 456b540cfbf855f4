import type { Finding } from '../core/findings/index.ts'
import type { LeftPage } from '../core/page/left-pages.ts'
import type { Policy } from '../core/site/model.ts'
import type { Options } from '../options.ts'
import type { SecuredPage } from '../pipeline.ts'

export interface DirectoryOptions extends Options {
  /** Public base of the site: `/`, `/sub/`, `./` or the URL of a CDN. @default as its pages name their own files */
  readonly base?: string
  /** Writes a protected copy there and leaves the directory as it is. @default in place */
  readonly out?: string
  /** Writes nothing. @default false */
  readonly dryRun?: boolean
  /** Root of the project, for outputs that are configured there. @default the working directory */
  readonly project?: string
  /** Stops the run; everything stays as it was. */
  readonly signal?: AbortSignal
  /** So many threads work on the pages, if there are enough of them. @default as many as there are processors, 8 at most */
  readonly threads?: number
  /**
   * A file in which runs remember what they found, so that the next one skips pages that are as this one left them, as
   * long as nothing else that has a say in them differs. It decides about policies: keep it from those who may not.
   * Without effect for a copy (`out`), and where pages wait for the outputs (`layout: 'union'`). @default none
   */
  readonly cache?: string
  /** Told now and then how many of the pages are done. */
  readonly onProgress?: (done: number, total: number) => void
  /** Told each file that is, or with `dryRun` would be, written. */
  readonly onChange?: (change: FileChange) => void
}

export interface DirectoryPage {
  readonly path: string
  readonly changed: boolean
  readonly policies: readonly Policy[]
  readonly summary: SecuredPage['summary']
}

export interface DirectoryResult {
  /** The directory, links resolved. */
  readonly directory: string
  readonly base: string
  readonly pages: readonly DirectoryPage[]
  /** HTML files that stay as they are. */
  readonly left: readonly LeftPage[]
  /** Whether the site is now protected; `false` with `dryRun`, and where a finding is an error: then nothing was written. */
  readonly written: boolean
  /** Paths of the files that were written, or would have been. */
  readonly changed: readonly string[]
  /** Where the policies went: `meta`, `_headers`. */
  readonly places: readonly string[]
  /** What is left for the user to do. */
  readonly notes: readonly string[]
  readonly findings: readonly Finding[]
}

export interface FileChange {
  /** Path inside the site, or inside the project for files of the project. */
  readonly path: string
  /** `undefined`: the file is new. */
  readonly before: Uint8Array | undefined
  readonly after: Uint8Array
}
