import type { Finding } from '../core/findings/index.ts'
import type { LeftPage } from '../core/page/left-pages.ts'
import type { Policy } from '../core/site/model.ts'
import type { Options } from '../options.ts'
import type { SecuredPage } from '../pipeline.ts'

/** The options of `secureDirectory`: those of the plugin, and those of the run. */
export interface DirectoryOptions extends Options {
  /** Public base of the site: `/`, `/sub/`, `./` or the URL of a CDN. @default derived from the URLs in the pages */
  readonly base?: string
  /** Writes a protected copy to this directory and leaves the original unchanged. @default in place */
  readonly out?: string
  /** Does everything but write the files. @default false */
  readonly dryRun?: boolean
  /** Root of the project, where outputs such as `vercel` have their file. @default the working directory */
  readonly project?: string
  /** Stops the run. No file is changed, and a `DirectoryError` with the code `aborted` is thrown. */
  readonly signal?: AbortSignal
  /** The maximum number of threads. A small site needs only one. @default the number of processors, at most 8 */
  readonly threads?: number
  /**
   * A cache file. The next run skips every page that has not changed since, as long as everything else that decides
   * about its policy is the same, too. Whoever can write this file can change the policies of skipped pages, so protect
   * it. It has no effect for a copy (`out`) or with `layout: 'union'`. @default none
   */
  readonly cache?: string
  /** Called from time to time with the number of pages that are done and the number of all pages. */
  readonly onProgress?: (done: number, total: number) => void
  /** Called for each file that is written, or would be written without `dryRun`. */
  readonly onChange?: (change: FileChange) => void
}

/** A page that was protected. */
export interface DirectoryPage {
  /** Path of the file inside the site. */
  readonly path: string
  /** Whether the run changes the page. It is `false` if the page was protected already. */
  readonly changed: boolean
  /** All policies of the page, the main policy first. */
  readonly policies: readonly Policy[]
  /** The numbers for the table in the log. */
  readonly summary: SecuredPage['summary']
}

/** The result of `secureDirectory`. */
export interface DirectoryResult {
  /** The directory, with symbolic links resolved. */
  readonly directory: string
  /** The public base that was used. */
  readonly base: string
  /** The pages that were protected. */
  readonly pages: readonly DirectoryPage[]
  /** HTML files that were not protected, each with the reason. */
  readonly left: readonly LeftPage[]
  /** Whether the site is now protected. `false` with `dryRun` or if a finding is an error; nothing was written then. */
  readonly written: boolean
  /** Paths of the files that were written, or would have been written. */
  readonly changed: readonly string[]
  /** Where the policies were written, such as `meta` or `_headers`. */
  readonly places: readonly string[]
  /** Steps that you still have to do yourself, such as including a snippet in a server's configuration. */
  readonly notes: readonly string[]
  /** Errors, warnings and information about the site. */
  readonly findings: readonly Finding[]
}

/** A file that a run changes or adds. */
export interface FileChange {
  /** Path inside the site, or inside the project if the file belongs to the project. */
  readonly path: string
  /** The old content; `undefined` if the file is new. */
  readonly before: Uint8Array | undefined
  /** The new content. */
  readonly after: Uint8Array
}
