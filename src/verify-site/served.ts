import { type PageReport, type Refusal, type VerifySite, verifySite } from '../verify/index.ts'
import { DirectoryError } from '../files/errors.ts'
import { type Answer, Downloads, type Failure } from './download.ts'
import { type Injection, injections } from './injections.ts'
import { linkedUrls } from './links.ts'
import { pageType } from './media-type.ts'

export interface ServedOptions {
  /** Public base of the site. @default the folder of the URL */
  readonly base?: string
  /** The maximum number of pages to read: the given page and pages linked from it. @default 20 */
  readonly pages?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

export interface ServedResult {
  readonly base: string
  readonly origin: string
  readonly refusals: readonly Refusal[]
  readonly pages: readonly PageReport[]
  /** The scripts and markup that a CDN injected, by page. */
  readonly injected: readonly (Injection & { readonly page: string })[]
  /** Files that could not be read, so nothing is known about them. */
  readonly unread: readonly UnreadFile[]
  readonly ok: boolean
}

export interface UnreadFile {
  readonly url: string
  readonly why: string
}

/**
 * Each round fetches the missing files and verifies the site again, so this also limits how deep modules may import
 * one another.
 */
const MOST_ROUNDS = 40
/** A server may produce new script URLs without end, so limit the number of files. */
const MOST_FILES = 20_000

/**
 * Reads a site as it is served, including its headers, and decides what browsers would refuse.
 * If the URL redirects, the target site is verified.
 * @throws {DirectoryError} `unreachable` if the first page cannot be fetched or is not an HTML page, `aborted` by the
 * signal
 */
export async function verifyServed(url: string, options: ServedOptions = {}): Promise<ServedResult> {
  const downloads = new Downloads(options.signal)
  try {
    const first = await downloads.get(url, 'anywhere')
    return await new ServedSite(firstPage(url, first), downloads, options).verify()
  } catch (error) {
    if (options.signal?.aborted)
      throw new DirectoryError('aborted', 'The run was stopped.', url, { cause: error })
    throw error
  }
}

function firstPage(url: string, first: Answer | Failure): Answer {
  const fail = (why: string): never => {
    throw new DirectoryError('unreachable', `${url} cannot be read: ${why}.`, url)
  }
  if (first.kind === 'failure') return fail(first.why)
  if (first.status >= 400) return fail(`the server answers ${first.status}`)
  const type = pageType(first.headers, first.bytes)
  if (!type.html)
    return fail(`the server answers with ${type.shown}, which browsers do not show as an HTML page`)
  if (pathIn(new URL('.', first.url), first.url) === undefined)
    return fail('its path has a % that begins no character')
  return first
}

/**
 * Path of a URL below a base, with `index.html` added to a folder. `undefined` if the URL is not below the base or
 * cannot be decoded.
 */
function pathIn(base: URL, url: string): string | undefined {
  const { origin, pathname } = new URL(url)
  if (origin !== base.origin || !pathname.startsWith(base.pathname)) return undefined
  try {
    const path = pathname.slice(base.pathname.length).split('/').map(decodeURIComponent).join('/')
    return path === '' || path.endsWith('/') ? `${path}index.html` : path
  } catch {
    return undefined
  }
}

class ServedSite {
  private readonly fetched = new Map<string, Answer | Failure>()
  private readonly wanted = new Set<string>()
  private readonly base: URL

  constructor(
    private readonly start: Answer,
    private readonly downloads: Downloads,
    private readonly options: ServedOptions,
  ) {
    this.base = new URL(options.base ?? '.', start.url)
  }

  async verify(): Promise<ServedResult> {
    const pages = await this.pages()
    const site = this.site([...pages.keys()])
    let verdict = verifySite(site)
    for (
      let round = 0;
      round < MOST_ROUNDS && this.wanted.size > 0 && this.fetched.size < MOST_FILES;
      round++
    ) {
      const urls = [...this.wanted].slice(0, MOST_FILES - this.fetched.size)
      this.wanted.clear()
      await this.downloads.all(urls, (url, result) => this.fetched.set(url, result))
      this.options.onProgress?.(round + 1, round + 2)
      verdict = verifySite(site)
    }
    const { refusals } = verdict
    const unread = this.unread()
    return {
      base: this.base.pathname,
      origin: this.base.origin,
      refusals,
      pages: verdict.pages,
      injected: [...pages].flatMap(([page, { bytes }]) =>
        injections(new TextDecoder().decode(bytes)).map((one) => ({ ...one, page })),
      ),
      unread,
      ok: unread.length === 0 && refusals.every(({ severity }) => severity !== 'error'),
    }
  }

  private unread(): UnreadFile[] {
    const failed = [...this.fetched].flatMap(([url, result]) =>
      result.kind === 'failure'
        ? [{ url, why: result.why }]
        : result.status >= 500
          ? [{ url, why: `the server answers ${result.status}` }]
          : [],
    )
    const rest = [...this.wanted].map((url) => ({ url, why: 'too many files were asked for by then' }))
    return [...failed, ...rest]
  }

  private site(paths: readonly string[]): VerifySite {
    const read = (url: string): Uint8Array | undefined => {
      const known = this.fetched.get(url)
      if (!known) this.wanted.add(url)
      return known?.kind === 'answer' && known.status < 400 ? known.bytes : undefined
    }
    return {
      base: this.base.pathname,
      origin: this.base.origin,
      pages: () => paths,
      read: (path) => read(this.urlOf(path)),
      foreign: (url) => (/^https?:/.test(url) ? read(url) : undefined),
      headers: (pathname) => {
        const known = this.fetched.get(new URL(pathname, this.base).href)
        return known?.kind === 'answer' ? known.headers : []
      },
    }
  }

  private urlOf(path: string): string {
    const name = path.replace(/(^|\/)index\.html$/, '$1')
    return new URL(name.split('/').map(encodeURIComponent).join('/'), this.base).href
  }

  /** The first page and the pages reachable from it by links, by path. */
  private async pages(): Promise<Map<string, Answer>> {
    const most = this.options.pages ?? 20
    const first = pathIn(this.base, this.start.url)
    if (first === undefined)
      throw new DirectoryError(
        'unreachable',
        `${this.start.url} does not lie below ${this.base.href}.`,
        this.start.url,
      )
    this.fetched.set(this.urlOf(first), this.start)
    const open = [first]
    const seen = new Set(open)
    const pages = new Map<string, Answer>()
    for (let asked = open.shift(); asked !== undefined && pages.size < most; asked = open.shift()) {
      const url = this.urlOf(asked)
      const page = this.fetched.get(url) ?? (await this.downloads.get(url, 'same-origin'))
      this.fetched.set(url, page)
      if (page.kind === 'failure' || page.status >= 400 || !pageType(page.headers, page.bytes).html) continue
      // After a redirect, as from `about` to `about/`, the page has a different URL than the link.
      const path = pathIn(this.base, page.url)
      if (path === undefined || pages.has(path)) continue
      this.fetched.set(this.urlOf(path), page)
      pages.set(path, page)
      seen.add(path)
      for (const link of this.links(page)) {
        if (seen.has(link)) continue
        seen.add(link)
        open.push(link)
      }
    }
    return pages
  }

  private links({ bytes, url }: Answer): string[] {
    return linkedUrls(new TextDecoder().decode(bytes), url).flatMap((link) => {
      if (/\.(?!html?$)[a-z0-9]+$/i.test(link.pathname)) return []
      return pathIn(this.base, `${link.origin}${link.pathname}`) ?? []
    })
  }
}
