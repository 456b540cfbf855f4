import { basename } from 'node:path'
import type { Finding } from '../../core/findings/index.ts'
import { scanPage } from '../../core/html/scan.ts'
import { serialisePolicy } from '../../core/csp/serialise.ts'
import type { LeftPage, PageGlobs } from '../../core/page/left-pages.ts'
import { documentBaseUrl } from '../../core/site/urls.ts'
import { type DirectoryOptions, type DirectoryPage, secureListed } from '../../directory.ts'
import { directorySite } from '../../directory/directory-site.ts'
import { decodePage } from '../../files/read.ts'
import { SiteFiles } from '../../files/file-cache.ts'
import { type SiteRefusal, verifyListed, type VerifyResult } from '../../verify-site/built.ts'
import { type Walk, walkSite } from '../../files/walk.ts'
import { type Options, resolveOptions } from '../../options.ts'
import { OPTION_NAMES } from '../../options/flags.ts'
import { runTimeFindings } from '../run-time.ts'
import { reasonText } from '../reason-text.ts'
import { type ObservatoryVerdict, observatoryVerdict } from './observatory.ts'
import { atSources } from './sources.ts'

export interface ReportSource {
  readonly expression: string
  readonly reason: string
  /** The file of the site that the source expression allows. */
  readonly file: string | undefined
}

export interface ReportPolicy {
  readonly role: string
  readonly disposition: string
  /** The serialised policy. */
  readonly text: string
  readonly directives: readonly { readonly name: string; readonly sources: readonly ReportSource[] }[]
}

export interface ReportPage {
  readonly path: string
  readonly bytes: number
  /**
   * `done`: a run with these options would not change the page. `differs`: the page was protected with other
   * options. `open`: the page is not protected.
   */
  readonly state: 'done' | 'differs' | 'open'
  readonly inlineScripts: number
  readonly pinnedFiles: number
  readonly policies: readonly ReportPolicy[]
}

/** The mechanism that pins a file to its content: the integrity of its tag, the import map, or none. */
export type Hold = 'attribute' | 'import-map' | 'none'

export interface ReportChunk {
  readonly path: string
  readonly bytes: number
  readonly hash: string
  readonly hold: Hold
  /** The number of pages that can load it. */
  readonly pages: number
  readonly imports: readonly string[]
  readonly dynamicImports: readonly string[]
}

/** A host's configuration file with the policy in it. */
export interface ReportFile {
  readonly path: string
  readonly text: string
}

/** The worst verdict on a page in its current state on disk. */
export interface ReportVerdict extends ObservatoryVerdict {
  readonly page: string
}

export interface ReportData {
  readonly name: string
  readonly base: string
  readonly pages: readonly ReportPage[]
  /** HTML files that no run changes. */
  readonly left: readonly LeftPage[]
  readonly chunks: readonly ReportChunk[]
  readonly findings: readonly Finding[]
  readonly refusals: readonly SiteRefusal[]
  /** How many actions of scripts the policies would probably block at run time. */
  readonly atRunTime: number
  readonly ok: boolean
  readonly headerFiles: readonly ReportFile[]
  /** `undefined` if there is no page. */
  readonly observatory: ReportVerdict | undefined
}

/** Collects all data of the report for a directory. Writes nothing. */
export async function collectReport(directory: string, options: DirectoryOptions): Promise<ReportData> {
  // Drops settings of the run itself, such as its progress callback.
  const own: Options = Object.fromEntries(OPTION_NAMES.map((name) => [name, options[name]]))
  let listed: Walk | undefined
  const list = (globs?: PageGlobs): Walk => (listed ??= walkSite(directory, globs))
  const headerFiles = new Map<string, string>()
  const result = await secureListed(list, {
    ...options,
    dryRun: true,
    onChange({ path, after }) {
      if (!list().pages.includes(path)) headerFiles.set(path, decodePage(after) ?? '')
    },
  })
  const found = list()
  const { files: paths, pages } = found
  const files = new SiteFiles(paths, options.algorithm ?? 'sha384')
  const verified = verifyListed(found, { base: result.base })
  const text = (path: string): string | undefined => {
    const bytes = files.read(path)
    return bytes && decodePage(bytes)
  }
  for (const { file, policy } of verified.hostFiles) {
    const present = text(file)
    if (policy && present !== undefined && !headerFiles.has(file)) headerFiles.set(file, present)
  }
  const { context } = directorySite(result.base, files, () => paths.keys())
  const map = pages.slice(0, 50).flatMap((page) => importMapOf(page, text(page) ?? ''))[0]
  const base = documentBaseUrl({ base: result.base }, map?.page ?? '', undefined)
  const graph = (map && context.graphUnder?.(map.text, base)) ?? context.graph

  const holds = new Map<string, Hold>()
  const counts = new Map<string, number>()
  for (const { modules } of verified.pages) {
    for (const { file, pin } of modules) {
      if (!files.has(file)) continue
      counts.set(file, (counts.get(file) ?? 0) + 1)
      // A file counts as unpinned as soon as one page loads it unpinned.
      if (pin === 'none' || !holds.has(file)) holds.set(file, pin === 'inline' ? 'none' : pin)
    }
  }
  const bare = new Set(
    verified.refusals.flatMap(({ code, location }) => (code === 'policy-missing' ? [location.file] : [])),
  )
  return {
    name: basename(result.directory),
    base: result.base,
    pages: result.pages.map((page) => ({
      ...pageOf(page, files.read(page.path)?.length ?? 0, text),
      state: page.changed ? (bare.has(page.path) ? 'open' : 'differs') : 'done',
    })),
    left: result.left,
    chunks: [...holds].map(([path, hold]): ReportChunk => {
      const node = graph.get(path)
      return {
        path,
        bytes: files.read(path)?.length ?? 0,
        hash: files.digest(path) ?? '',
        hold,
        pages: counts.get(path) ?? 0,
        imports: (node?.imports ?? []).filter((one) => holds.has(one)),
        dynamicImports: (node?.dynamicImports ?? []).filter((one) => holds.has(one)),
      }
    }),
    findings: await atSources(result.findings, files, options.project ?? '.'),
    refusals: verified.refusals,
    atRunTime: runTimeFindings(found, verified, resolveOptions(own)).filter(
      ({ severity }) => severity !== 'info',
    ).length,
    ok: verified.ok,
    headerFiles: [...headerFiles].map(([path, content]) => ({ path, text: content })),
    observatory: lowestVerdict(verified.pages),
  }
}

/** A browser receives several policies in one header as a comma-separated list. */
function lowestVerdict(pages: VerifyResult['pages']): ReportVerdict | undefined {
  const verdicts = pages.map(({ page, policies }) => {
    const texts = (delivery: string): string[] =>
      policies.filter((one) => one.delivery === delivery).map((one) => one.text)
    const header = texts('header').join(', ')
    return { page, ...observatoryVerdict([...(header === '' ? [] : [header]), ...texts('meta')]) }
  })
  return verdicts.toSorted((a, b) => a.points - b.points)[0]
}

function importMapOf(page: string, html: string): { readonly page: string; readonly text: string }[] {
  return scanPage(page, html).resources.flatMap((resource) =>
    resource.kind === 'inline-script' && resource.type === 'importmap' ? [{ page, text: resource.text }] : [],
  )
}

function pageOf(
  { path, policies, summary }: DirectoryPage,
  bytes: number,
  text: (path: string) => string | undefined,
): Omit<ReportPage, 'state'> {
  return {
    path,
    bytes,
    inlineScripts: summary.inlineScripts,
    pinnedFiles: summary.pinnedFiles,
    policies: policies.map((policy) => ({
      role: policy.role,
      disposition: policy.disposition,
      text: serialisePolicy(policy),
      directives: [...policy.directives].map(([name, sources]) => ({
        name,
        sources: sources.map(({ expression, reason }) => ({
          expression,
          reason: reasonText(reason, text),
          file: reason.kind === 'file' ? reason.file : undefined,
        })),
      })),
    })),
  }
}
