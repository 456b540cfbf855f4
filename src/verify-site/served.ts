import { type PageReport, type Refusal, type VerifySite, verifySite } from '../verify/index.ts'
import { DirectoryError } from '../files/errors.ts'
import { type Injection, injections } from './injections.ts'
import { isFatal } from './built.ts'

export interface ServedOptions {
  /** Public base of the site. @default the folder of the URL */
  readonly base?: string
  /** So many pages are read, the given one and those it links to. @default 20 */
  readonly pages?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

export interface ServedResult {
  readonly base: string
  readonly origin: string
  readonly refusals: readonly Refusal[]
  readonly pages: readonly PageReport[]
  /** What a CDN put into the pages, by page. */
  readonly injected: readonly (Injection & { readonly page: string })[]
  readonly ok: boolean
}

interface Fetched {
  readonly status: number
  readonly bytes: Uint8Array
  readonly headers: readonly (readonly [string, string])[]
}

/** So often what is missing is fetched and the site looked at again: as deep as its modules import one another. */
const MOST_ROUNDS = 40
const LARGEST = 64 * 1024 * 1024
const TIMEOUT = 30_000

/**
 * Reads a site as it is served, with its headers, and decides what browsers would refuse.
 * @throws {DirectoryError} if the first page cannot be fetched
 */
export async function verifyServed(url: string, options: ServedOptions = {}): Promise<ServedResult> {
  return new ServedSite(new URL(url), options).verify()
}

class ServedSite {
  private readonly fetched = new Map<string, Fetched | undefined>()
  private readonly wanted = new Set<string>()
  private readonly base: URL

  constructor(
    private readonly start: URL,
    private readonly options: ServedOptions,
  ) {
    this.base = new URL(options.base ?? '.', start)
  }

  async verify(): Promise<ServedResult> {
    const pages = await this.pages()
    const paths = pages.map((page) => this.pathOf(page))
    const site = this.site(paths)
    let verdict = verifySite(site)
    for (let round = 0; round < MOST_ROUNDS && this.wanted.size > 0; round++) {
      const urls = [...this.wanted]
      this.wanted.clear()
      await Promise.all(urls.map((url) => this.fetch(url)))
      this.options.onProgress?.(round + 1, round + 2)
      verdict = verifySite(site)
    }
    const { refusals } = verdict
    return {
      base: this.base.pathname,
      origin: this.base.origin,
      refusals,
      pages: verdict.pages,
      injected: pages.flatMap((page) => {
        const html = new TextDecoder().decode(this.fetched.get(page)?.bytes)
        return injections(html).map((one) => ({ ...one, page: this.pathOf(page) }))
      }),
      ok: !refusals.some(isFatal),
    }
  }

  private site(paths: readonly string[]): VerifySite {
    const read = (url: string): Uint8Array | undefined => {
      const known = this.fetched.get(url)
      if (!known && !this.fetched.has(url)) this.wanted.add(url)
      return known && known.status < 400 ? known.bytes : undefined
    }
    return {
      base: this.base.pathname,
      origin: this.base.origin,
      pages: () => paths,
      read: (path) => read(this.urlOf(path)),
      foreign: (url) => (/^https?:/.test(url) ? read(url) : undefined),
      headers: (pathname) => this.fetched.get(new URL(pathname, this.base).href)?.headers ?? [],
    }
  }

  /** `index.html` in the place of a folder, so that the page has the name of a file. */
  private pathOf(url: string): string {
    const path = decodeURI(new URL(url).pathname.slice(this.base.pathname.length))
    return path === '' || path.endsWith('/') ? `${path}index.html` : path
  }

  private urlOf(path: string): string {
    const name = path.replace(/(^|\/)index\.html$/, '$1')
    return new URL(name.split('/').map(encodeURIComponent).join('/'), this.base).href
  }

  private async pages(): Promise<string[]> {
    const most = this.options.pages ?? 20
    const first = this.urlOf(this.pathOf(this.start.href))
    const open = [first]
    const seen = new Set(open)
    const pages: string[] = []
    for (let url = open.shift(); url !== undefined && pages.length < most; url = open.shift()) {
      const page = await this.fetch(url)
      const type = page?.headers.find(([name]) => name === 'content-type')?.[1] ?? ''
      if (url === first && (!page || page.status >= 400)) {
        const why = page ? `the server answers ${page.status}` : 'no server answers'
        throw new DirectoryError('unreachable', `${url} cannot be read: ${why}.`, url)
      }
      if (!page || page.status >= 400 || !type.includes('html')) continue
      pages.push(url)
      for (const link of this.links(page.bytes, url)) {
        if (seen.has(link)) continue
        seen.add(link)
        open.push(link)
      }
    }
    return pages
  }

  private links(bytes: Uint8Array, page: string): string[] {
    const html = new TextDecoder().decode(bytes)
    return [...html.matchAll(/<a\s[^>]*?\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))/gi)].flatMap(
      (match) => {
        const href = match[1] ?? match[2] ?? match[3] ?? ''
        if (!URL.canParse(href, page)) return []
        const url = new URL(href.replaceAll('&amp;', '&'), page)
        if (url.origin !== this.base.origin || !url.pathname.startsWith(this.base.pathname)) return []
        if (/\.(?!html?$)[a-z0-9]+$/i.test(url.pathname)) return []
        return [this.urlOf(this.pathOf(`${url.origin}${url.pathname}`))]
      },
    )
  }

  private async fetch(url: string): Promise<Fetched | undefined> {
    if (this.fetched.has(url)) return this.fetched.get(url)
    const { signal } = this.options
    const timeout = AbortSignal.timeout(TIMEOUT)
    let fetched: Fetched | undefined
    try {
      const response = await fetch(url, {
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        // Some CDNs change a page only for what looks like a browser.
        headers: { accept: 'text/html,*/*', 'user-agent': 'Mozilla/5.0 (compatible; csp-hashes verify)' },
      })
      const bytes = new Uint8Array(await response.arrayBuffer())
      if (bytes.length <= LARGEST)
        fetched = { status: response.status, bytes, headers: [...response.headers] }
    } catch (error) {
      if (signal?.aborted) throw new DirectoryError('aborted', 'The run was stopped.', url, { cause: error })
    }
    this.fetched.set(url, fetched)
    return fetched
  }
}
