/** What the oracle reads: a finished site, as a host would serve it. No rule of the oracle touches a disk or a network. */
export interface VerifySite {
  /** Public base: `/`, `/sub/`, `./`, or an absolute URL of a CDN. Ends with a slash. */
  readonly base: string
  /**
   * Where the pages are served, for decisions on `'self'`, `https:`, hosts and paths.
   * @default 'https://site.example'
   */
  readonly origin?: string
  /** Paths of the HTML files inside the site, with `/`, without a leading one. */
  pages(): Iterable<string>
  /** Bytes of a file of the site, `undefined` if there is none. */
  read(path: string): Uint8Array | undefined
  /**
   * Response headers that the host sends for a URL path, `/sub/about.html`; `index.html` is asked for as its folder.
   * `page` is the file that answers.
   */
  headers?(urlPath: string, page: string): Iterable<readonly [string, string]>
  /** Bytes behind a URL of another origin, if they are known. */
  foreign?(url: string): Uint8Array | undefined
}
