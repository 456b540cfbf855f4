import type { ScannedPage } from '../site/model.ts'

/** A file as the user wrote it. */
export interface OwnFile {
  /** Relative to the project or to the site. */
  readonly file: string
  readonly text: string
}

/** A script as the browser got it. */
export interface ServedScript extends OwnFile {
  /** Its source map, as JSON or parsed. */
  readonly map?: string | object | undefined
}

/** What was served to the browser, and what the user made it from. */
export interface ViolationSite {
  /** The page behind the URL of a document. */
  page(url: string): ScannedPage | undefined
  /** The script or stylesheet behind a URL. */
  script(url: string): ServedScript | undefined
  /** The user's own file behind the path of a page, or behind a source that the map of `script` names. */
  source(path: string, script?: ServedScript): OwnFile | undefined
  /** The user's own files in which something may stand that no browser gave the place of. */
  own(): Iterable<OwnFile>
}
