import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { type PageReport, type Refusal, type VerifySite, verifySite } from '../verify/index.ts'
import { DirectoryError } from '../files/errors.ts'
import { siteBase } from './site-base.ts'
import {
  type JudgedFile,
  type NamedReading,
  pathsOf,
  readHostFiles,
  UNKNOWN,
} from '../verify/hosts/readings.ts'
import { decodePage } from '../files/read.ts'
import { SiteFiles } from '../files/file-cache.ts'
import { type Walk, walkSite } from '../files/walk.ts'

export type { JudgedFile } from '../verify/hosts/readings.ts'

/** The options of `verifyDirectory`. */
export interface VerifyOptions {
  /** Public base of the site. @default derived from the URLs in the pages */
  readonly base?: string
  /** The origin that serves the site. `'self'` and host sources are matched against it. @default any https origin */
  readonly origin?: string
  /** Root of the project, where some hosts have their configuration file. @default the working directory */
  readonly project?: string
  /** Globs of the pages to check, like the option `pages` of the plugin. @default all pages */
  readonly pages?: Parameters<typeof walkSite>[1]
}

/** A problem in a finished site, with the hosts and the path that it depends on. */
export interface SiteRefusal extends Refusal {
  /** The hosts on which the problem occurs. Missing if it occurs on all of them. */
  readonly hosts?: readonly string[]
  /** The request path at which the problem occurs. Missing if it occurs at the usual path of the page. */
  readonly path?: string
}

/** The result of `verifyDirectory`. */
export interface VerifyResult {
  /** The public base that was used. */
  readonly base: string
  /** All problems that were found. */
  readonly refusals: readonly SiteRefusal[]
  /** The policies and modules of each page that was checked. */
  readonly pages: readonly PageReport[]
  /** HTML files that were not checked, because the option `pages` excludes them or they contain no document. */
  readonly left: readonly { readonly path: string; readonly why: 'excluded' | 'fragment' }[]
  /** The configuration files of hosts that were found. */
  readonly hostFiles: readonly JudgedFile[]
  /** Whether the site may be deployed: no refusal is an error, and every host accepts its file. */
  readonly ok: boolean
}

/** The maximum number of paths to try for one page. */
const SPELLINGS = 4

/**
 * Re-reads a finished site, including the headers in host files, and decides by its own rules what three browsers
 * would refuse.
 *
 * @throws {DirectoryError} if the directory or a file in it cannot be read
 */
export function verifyDirectory(directory: string, options: VerifyOptions = {}): VerifyResult {
  return verifyListed(walkSite(directory, options.pages), options)
}

/** Like `verifyDirectory`, for a directory whose files are already listed. */
export function verifyListed({ files: paths, pages }: Walk, options: VerifyOptions = {}): VerifyResult {
  const files = new SiteFiles(paths, 'sha384')
  const text = (path: string): string | undefined => {
    const bytes = files.read(path)
    return bytes && decodePage(bytes)
  }
  const base = options.base ?? siteBase(pages, text, (path) => files.has(path))
  const site = {
    base,
    ...(options.origin === undefined ? {} : { origin: options.origin }),
    pages: () => pages,
    read: (path: string) => files.read(path),
  }
  const project = options.project ?? '.'
  const { readings, files: hostFiles } = readHostFiles(
    (file, root) => (root === 'project' ? projectText(project, file) : undefined) ?? text(file),
    base.startsWith('/') && !base.startsWith('//') ? base : '/',
  )
  const verdicts =
    readings.length === 0 ? [verifySite(site)] : readings.flatMap((one) => underHost(site, pages, one))
  const refusals = merged(verdicts, new Set(readings.map(({ host }) => host)).size)
  const broken = hostFiles.some(({ problems }) => problems.some(({ fatal }) => fatal))
  return {
    base,
    refusals,
    pages: verdicts[0]?.pages ?? [],
    left: [
      ...paths.excluded.map((path) => ({ path, why: 'excluded' as const })),
      ...(verdicts[0]?.fragments ?? []).map((path) => ({ path, why: 'fragment' as const })),
    ],
    hostFiles,
    ok: !broken && refusals.every(({ severity }) => severity !== 'error'),
  }
}

interface Verdict {
  readonly host?: string
  readonly pages: readonly PageReport[]
  readonly fragments: readonly string[]
  readonly refusals: readonly SiteRefusal[]
}

/** Verifies the site as a host serves it: at the usual path of each page, then at other paths with other headers. */
function underHost(site: VerifySite, pages: readonly string[], { host, reading }: NamedReading): Verdict[] {
  const last = pages.includes('404.html') ? '404.html' : 'index.html'
  const sent = (file: string, spelling: number) => {
    const [own = '', ...others] = pathsOf(file, last)
    const path = others[spelling - 1] ?? own
    return reading.headers({ path, file: path === UNKNOWN ? UNKNOWN.slice(1) : file })
  }
  const judge = (spelling: number) => verifySite({ ...site, headers: (_, page) => sent(page, spelling) })
  const verdicts: Verdict[] = [{ host, ...judge(0) }]
  for (let spelling = 1; spelling < SPELLINGS; spelling++) {
    const others = pages.filter((page) => !isDeepStrictEqual(sent(page, spelling), sent(page, 0)))
    if (others.length === 0) continue
    const verdict = judge(spelling)
    const refusals = verdict.refusals
      .filter(({ location }) => others.includes(location.file))
      .map((refusal) => ({ ...refusal, path: pathsOf(refusal.location.file, last)[spelling] ?? '' }))
    verdicts.push({ host, ...verdict, refusals })
  }
  return verdicts
}

/** Merges equal refusals of several hosts and paths into one. */
function merged(verdicts: readonly Verdict[], hosts: number): SiteRefusal[] {
  const found = new Map<string, { readonly refusal: SiteRefusal; readonly hosts: Set<string> }>()
  for (const { host, refusals } of verdicts) {
    for (const refusal of refusals) {
      const { path: _, ...same } = refusal
      const key = JSON.stringify(same)
      const known = found.get(key) ?? { refusal, hosts: new Set() }
      found.set(key, known)
      if (host !== undefined) known.hosts.add(host)
    }
  }
  return [...found.values()].map(({ refusal, hosts: own }) =>
    own.size < hosts ? { ...refusal, hosts: [...own] } : refusal,
  )
}

function projectText(project: string, file: string): string | undefined {
  try {
    return readFileSync(join(project, file), 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw DirectoryError.from(error, 'read', file)
  }
}
