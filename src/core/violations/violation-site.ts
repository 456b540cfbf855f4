import type { ScannedPage } from '../site/model.ts'

/** A file as the user wrote it. */
export interface OwnFile {
  /** Relative to the project or to the site. */
  readonly file: string
  readonly text: string
}

/** A script as it was sent to the browser. */
export interface ServedScript extends OwnFile {
  /** Its source map, as JSON or parsed. */
  readonly map?: string | object | undefined
}

/** The files that were served to the browser, and the user's files that they were made from. */
export interface ViolationSite {
  /** The page at the URL of a document. */
  page(url: string): ScannedPage | undefined
  /** The script or stylesheet at a URL. */
  script(url: string): ServedScript | undefined
  /** The user's own file for the path of a page, or for a source named in the map of `script`. */
  source(path: string, script?: ServedScript): OwnFile | undefined
  /** The user's own files, to be searched if the browser reported no place. */
  own(): Iterable<OwnFile>
}
