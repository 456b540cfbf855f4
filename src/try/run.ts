import type { Finding, FindingCode, FindingLevel } from '../core/findings/index.ts'
import type { Remedy } from '../core/violations/remedy.ts'
import type { Violation } from '../core/violations/violation.ts'
import { ViolationLog } from '../core/violations/violation-log.ts'
import { differences } from './compare.ts'
import { type DrivenBrowser, launch } from './driver.ts'
import { TryError } from './errors.ts'
import { findBrowser } from './find-browser.ts'
import { ServedFiles } from './served-files.ts'
import { serveDirectory } from './static-server.ts'
import { type UserScript, type Visit, visit } from './visit.ts'

export interface TrySettings {
  /** URL, or the directory of a finished site. */
  readonly subject: string
  /** Path at which a directory is mounted. */
  readonly mount: string
  readonly project: string
  /** Paths of a directory's pages, so that pages without a link to them are opened too. */
  readonly listed: readonly string[]
  readonly pages: number
  readonly browser: string | undefined
  readonly importAll: boolean
  readonly script: UserScript | undefined
  /** Also opens every page without its policy, and reports the differences. */
  readonly without: boolean
  readonly findings: ReadonlyMap<FindingCode, FindingLevel>
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => void
}

export interface TryResult {
  readonly browser: string
  readonly pages: readonly {
    readonly url: string
    readonly protected: boolean
    readonly violations: number
  }[]
  /** The host's file from which headers were read. */
  readonly hostFile: string | undefined
  readonly findings: readonly Finding[]
  /** Options that allow everything that was blocked. */
  readonly remedy: Remedy
  /** Errors of the pages, which may have other causes. */
  readonly errors: readonly string[]
  /** Differences between the pages with and without their policy. */
  readonly differences: readonly string[]
  readonly ok: boolean
}

/**
 * Opens the pages of a site in a real browser, with their policies as delivered, and explains what was blocked.
 * @throws {TryError} if there is no browser, or a page cannot be opened
 */
export async function trySite(settings: TrySettings): Promise<TryResult> {
  const { subject, project, mount } = settings
  const installed = findBrowser(settings.browser)
  const isUrl = /^https?:\/\//i.test(subject)
  const serve = (policies: boolean) =>
    isUrl ? undefined : serveDirectory({ directory: subject, mount, project, policies })
  const [server, bare] = [await serve(true), settings.without ? await serve(false) : undefined]
  let browser: DrivenBrowser | undefined
  try {
    browser = await launch(installed, project)
    const start = server ? `${server.origin}${mount}` : subject
    const listed = settings.listed.map(
      (path) => `${start}${encodeURI(path.replace(/(^|\/)index\.html$/, '$1'))}`,
    )
    const visits = await visitAll(browser, [start, ...listed], settings)
    const other = settings.without
      ? await visitBare(
          browser,
          visits,
          (url) => (bare && server ? url.replace(server.origin, bare.origin) : url),
          settings,
        )
      : []
    return await explained(visits, other, start, installed.name, server?.hostFile, settings)
  } finally {
    await browser?.close()
    await server?.close()
    await bare?.close()
  }
}

async function visitAll(
  browser: DrivenBrowser,
  starts: readonly string[],
  settings: TrySettings,
): Promise<Visit[]> {
  const root = new URL('.', starts[0])
  const open = [...new Set(starts)]
  const seen = new Set(open)
  const visits: Visit[] = []
  const isOwn = (url: string): boolean =>
    url.startsWith(root.href) && !/\.(?!html?$)[a-z0-9]+$/i.test(new URL(url).pathname)
  for (const url of open) {
    if (visits.length >= settings.pages) break
    if (settings.signal.aborted) throw new TryError('aborted', 'The run was stopped.')
    settings.onProgress(visits.length, Math.min(open.length, settings.pages))
    const { importAll, script } = settings
    const one = await visit(browser, url, { importAll, script, ignorePolicy: false })
    visits.push(one)
    for (const link of one.links.map((href) => href.replace(/[?#].*$/, ''))) {
      if (seen.has(link) || !isOwn(link)) continue
      seen.add(link)
      open.push(link)
    }
  }
  return visits
}

/** Opens the same pages without their policies. */
async function visitBare(
  browser: DrivenBrowser,
  visits: readonly Visit[],
  addressOf: (url: string) => string,
  { importAll, script }: TrySettings,
): Promise<Visit[]> {
  const others: Visit[] = []
  for (const { url } of visits)
    others.push(await visit(browser, addressOf(url), { importAll, script, ignorePolicy: true }))
  return others
}

async function explained(
  visits: readonly Visit[],
  bare: readonly Visit[],
  start: string,
  browser: string,
  hostFile: string | undefined,
  { project, findings: levels }: TrySettings,
): Promise<TryResult> {
  const files = new ServedFiles(start, project)
  const violations = visits.flatMap((one) => one.violations).filter((one) => isOwn(one, start))
  await files.load(violations.flatMap(({ document, source }) => [document, source]))
  // If a browser does not report which script caused a violation, every loaded script is a candidate.
  if (violations.some(({ line }) => line === 0)) await files.load(visits.flatMap(({ scripts }) => scripts))
  const log = new ViolationLog(files, levels)
  const findings = violations.flatMap((one) => log.add(one))
  return {
    browser,
    pages: visits.map(({ url, violations: own, protected: has }) => ({
      url,
      protected: has,
      violations: own.length,
    })),
    hostFile,
    findings,
    remedy: log.remedy,
    errors: [...new Set(visits.flatMap(({ errors }) => errors))],
    differences: bare.flatMap((one, index) => differences(visits[index], one)),
    ok: findings.every(({ severity }) => severity === 'info') && visits.every((one) => one.protected),
  }
}

/** Excludes violations in frames of other origins, which have their own policies. */
const isOwn = ({ document }: Violation, start: string): boolean =>
  URL.canParse(document) && new URL(document).origin === new URL(start).origin
