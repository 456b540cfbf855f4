import { readStyleReferences, type StyleReference } from './css.ts'
import { digest } from './integrity.ts'
import { tryUrl } from './import-map.ts'
import { readScriptReferences, type ScriptReferences } from './modules.ts'

/** The oracle's input: a finished site as a host would serve it. The oracle itself never touches a disk or network. */
export interface VerifySite {
  /** Public base: `/`, `/sub/`, `./`, or an absolute URL of a CDN. Ends with a slash. */
  readonly base: string
  /**
   * Origin that serves the pages; used to match `'self'`, `https:`, hosts and paths.
   * @default 'https://site.example'
   */
  readonly origin?: string
  /** Paths of the HTML files inside the site, with forward slashes and no leading slash. */
  pages(): Iterable<string>
  /** Bytes of a file of the site, `undefined` if the file does not exist. */
  read(path: string): Uint8Array | undefined
  /**
   * Response headers for a URL path such as `/sub/about.html`. For `index.html` the path is that of its folder.
   * `page` is the file that the host serves there.
   */
  headers?(urlPath: string, page: string): Iterable<readonly [string, string]>
  /** Bytes behind a URL of another origin, if they are known. */
  foreign?(url: string): Uint8Array | undefined
}

export type Found =
  | { readonly kind: 'file'; readonly path: string; readonly bytes: Uint8Array }
  | { readonly kind: 'missing'; readonly path: string }
  /** A URL of another origin, a path the host itself serves, or a `data:` URL; with its bytes if known. */
  | { readonly kind: 'foreign'; readonly bytes: Uint8Array | undefined }

/** The files of a site by URL. Digests and parsed references are cached. */
export interface SiteFiles {
  /** The origin that `'self'` matches. */
  readonly self: URL
  pageUrl(page: string): URL
  /** Base URL for preload list entries that are not relative to a file. */
  readonly base: URL
  find(url: URL): Found
  digest(url: URL, algorithm: string): string | undefined
  references(url: URL): ScriptReferences | undefined
  styleReferences(url: URL): readonly StyleReference[]
}

/** Paths that hosts serve themselves; no build emits them. */
const hostPaths = /^\/(?:cdn-cgi|_vercel|\.netlify|__\/firebase)\//

function dataBytes(url: URL): Uint8Array | undefined {
  const match = /^data:([^,]*?)(;\s*base64)?,(.*)$/is.exec(url.href.replace(/#.*$/s, ''))
  if (match?.[3] === undefined) return undefined
  const bytes = unescapeBytes(match[3])
  return match[2] === undefined ? bytes : Buffer.from(Buffer.from(bytes).toString('latin1'), 'base64')
}

function unescapeBytes(text: string): Uint8Array {
  const binary = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCodePoint(Number.parseInt(hex, 16)),
  )
  return Buffer.from(binary, 'latin1')
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

export function createSiteFiles(site: VerifySite): SiteFiles {
  const self = new URL(site.origin ?? 'https://site.example')
  const base = new URL(site.base, new URL('/', self))
  const pagesRoot = base.origin === self.origin ? base : new URL('/', self)
  const digests = new Map<string, string>()
  const references = new Map<string, ScriptReferences>()
  const styles = new Map<string, readonly StyleReference[]>()

  function pathOf(url: URL): string | undefined {
    const plain = url.origin + url.pathname
    const ofHost =
      url.origin === self.origin && hostPaths.test(url.pathname) && !hostPaths.test(base.pathname)
    if (ofHost) return undefined
    for (const root of [base, pagesRoot]) {
      if (url.origin !== 'null' && plain.startsWith(root.href))
        return decodePath(plain.slice(root.href.length))
    }
    return undefined
  }

  function find(url: URL): Found {
    if (url.protocol === 'data:') return { kind: 'foreign', bytes: dataBytes(url) }
    const path = pathOf(url)
    if (path === undefined) return { kind: 'foreign', bytes: site.foreign?.(url.href) }
    const bytes = site.read(path)
    return bytes === undefined ? { kind: 'missing', path } : { kind: 'file', path, bytes }
  }

  function bytesOf(url: URL): Uint8Array | undefined {
    const found = find(url)
    return found.kind === 'missing' ? undefined : found.bytes
  }

  return {
    self,
    base,
    pageUrl: (page) =>
      new URL(
        page
          .replace(/(^|\/)index\.html$/, '$1')
          .split('/')
          .map(encodeURIComponent)
          .join('/'),
        pagesRoot,
      ),
    find,
    digest(url, algorithm) {
      const key = `${algorithm} ${url.href}`
      const known = digests.get(key)
      if (known !== undefined) return known
      const bytes = bytesOf(url)
      if (bytes === undefined) return undefined
      const value = digest(algorithm, bytes)
      digests.set(key, value)
      return value
    },
    references(url) {
      const known = references.get(url.href)
      if (known !== undefined) return known
      const bytes = bytesOf(url)
      if (bytes === undefined) return undefined
      const value = readScriptReferences(new TextDecoder().decode(bytes))
      references.set(url.href, value)
      return value
    },
    styleReferences(url) {
      const known = styles.get(url.href)
      if (known !== undefined) return known
      const bytes = bytesOf(url)
      const value = bytes === undefined ? [] : readStyleReferences(new TextDecoder().decode(bytes))
      styles.set(url.href, value)
      return value
    },
  }
}

/** The display name of a file in a refusal: its path in the site, or its URL. */
export function nameOf(files: SiteFiles, url: URL): string {
  const found = files.find(url)
  if (found.kind !== 'foreign') return found.path
  return url.href.length > 80 ? `${url.href.slice(0, 77)}…` : url.href
}

/** Resolves a preload list entry, which is absolute or relative to its file or to the base of the site. */
export function resolvePreload(files: SiteFiles, entry: string, file: URL): URL | undefined {
  return tryUrl(entry, /^\.{1,2}\//.test(entry) ? file : files.base)
}
