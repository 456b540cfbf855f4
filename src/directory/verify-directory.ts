import { type PageReport, type Refusal, verifySite } from '../verify/index.ts'
import { guessBase } from './guess-base.ts'
import { headersReader, type HeadersReading } from './headers-file.ts'
import { decodePage } from './page-file.ts'
import { SiteFiles } from './site-files.ts'
import { walkSite } from './walk.ts'

export interface VerifyOptions {
  /** Public base of the site. @default as its pages name their own files */
  readonly base?: string
  /** Where the site is served, for what a policy says of `'self'` and hosts. @default any https origin */
  readonly origin?: string
}

/** Something that a browser would refuse, or that nothing holds to its bytes. */
export interface SiteRefusal extends Refusal {
  /** Hosts whose reading of `_headers` leads to it, where they disagree. */
  readonly hosts?: readonly HeadersReading[]
}

export interface VerifyResult {
  readonly base: string
  readonly refusals: readonly SiteRefusal[]
  readonly pages: readonly PageReport[]
  /** Whether the site may be deployed: see {@link isFatal}. */
  readonly ok: boolean
}

/**
 * Whether a refusal should stop a deployment. Stylesheets that scripts load later cannot be pinned in a finished
 * directory, so that alone does not.
 */
export function isFatal({ code, subject }: Refusal): boolean {
  return !(code === 'integrity-missing' && /\.css(?:[?#]|$)/i.test(subject))
}

const READINGS: readonly HeadersReading[] = ['netlify', 'cloudflare']

/**
 * Reads a finished site back, headers of a `_headers` file included, and decides by rules of its own what three
 * browsers would refuse.
 *
 * @throws {DirectoryError} if the directory or a file of it cannot be read
 */
export function verifyDirectory(directory: string, options: VerifyOptions = {}): VerifyResult {
  const { files: paths, pages } = walkSite(directory)
  const files = new SiteFiles(paths, 'sha384')
  const text = (path: string): string | undefined => {
    const bytes = files.read(path)
    return bytes && decodePage(bytes)
  }
  const base = options.base ?? guessBase(pages, text, (path) => files.has(path))
  const site = {
    base,
    ...(options.origin === undefined ? {} : { origin: options.origin }),
    pages: () => pages,
    read: (path: string) => files.read(path),
  }
  const rules = text('_headers')
  if (rules === undefined) return resultOf(base, [verifySite(site)])
  return resultOf(
    base,
    READINGS.map((reading) => verifySite({ ...site, headers: headersReader(rules, reading) })),
  )
}

type Verdict = ReturnType<typeof verifySite>

function resultOf(base: string, verdicts: readonly Verdict[]): VerifyResult {
  const found = new Map<string, { readonly refusal: Refusal; readonly hosts: HeadersReading[] }>()
  for (const [index, { refusals }] of verdicts.entries()) {
    for (const refusal of refusals) {
      const key = JSON.stringify(refusal)
      const known = found.get(key) ?? { refusal, hosts: [] }
      found.set(key, known)
      const host = READINGS[index]
      if (host) known.hosts.push(host)
    }
  }
  const refusals = [...found.values()].map(({ refusal, hosts }) =>
    hosts.length < verdicts.length ? { ...refusal, hosts } : refusal,
  )
  return { base, refusals, pages: verdicts[0]?.pages ?? [], ok: !refusals.some(isFatal) }
}
