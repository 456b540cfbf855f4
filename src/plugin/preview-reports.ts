import type { IncomingMessage, ServerResponse } from 'node:http'
import type { PreviewServer } from 'vite'
import { scanPage } from '../core/html/scan.ts'
import type { Violation } from '../core/violations/violation.ts'
import { ViolationLog } from '../core/violations/violation-log.ts'
import { ReportEndpoint } from '../dev/report-endpoint.ts'
import { readFile } from '../files/read.ts'
import type { ResolvedOptions } from '../options.ts'
import { messagesText } from '../summary.ts'
import { ServedFiles } from '../try/served-files.ts'

const MOST_FINDINGS = 100

export interface PreviewedSite {
  readonly directory: string
  /** Path at which the site is mounted. */
  readonly mount: string
  /** The file of the site for a URL path. */
  fileOf(path: string): string | undefined
}

/**
 * Prints violations in the terminal while a built site is previewed. A meta policy cannot set a report endpoint,
 * so each page gets a report-only header with a copy of its policies.
 */
export class PreviewReports {
  readonly path: string
  private readonly endpoint: ReportEndpoint
  private log: ViolationLog | undefined
  private files: ServedFiles | undefined
  private shown = 0

  constructor(
    private readonly server: PreviewServer,
    private readonly site: PreviewedSite,
    private readonly options: Pick<ResolvedOptions, 'findings'>,
    private readonly name: string,
  ) {
    this.path = `${site.mount}@csp-hashes/report`
    this.endpoint = new ReportEndpoint(
      (violations) => void this.tell(violations),
      (message) => server.config.logger.warn(`[${name}] ${message}`, { timestamp: true }),
    )
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    this.endpoint.handle(request, response)
  }

  /** The policies of a page, from its metas and its headers, combined into one report-only policy. */
  header(file: string, policies: readonly string[]): string | undefined {
    const html = readFile(this.site.directory, file)?.toString('utf8') ?? ''
    const metas = scanPage(file, html).policyMetas.map(({ content }) => content)
    const all = [...metas, ...policies.flatMap((value) => value.split(','))]
    return all.length === 0 ? undefined : all.map((policy) => reporting(policy, this.path)).join(', ')
  }

  private async tell(violations: readonly Violation[]): Promise<void> {
    const { logger, root } = this.server.config
    const [first] = violations
    if (!first || !URL.canParse(first.document)) return
    this.files ??= new ServedFiles(new URL(this.site.mount, first.document).href, root, (url) =>
      this.read(url),
    )
    this.log ??= new ViolationLog(this.files, this.options.findings)
    const { log, files } = this
    await files.load(violations.flatMap(({ document, source }) => [document, source]))
    for (const found of violations.flatMap((one) => log.add(one))) {
      if (++this.shown > MOST_FINDINGS) return
      const text = messagesText([found], { door: 'plugin', verbose: true })
      logger[found.severity === 'info' ? 'info' : 'warn'](`[${this.name}] ${text}`, { timestamp: true })
    }
  }

  /** Reads from disk: the certificate of a preview over https is not trusted. */
  private async read(url: string): Promise<{ text: string; type: string } | undefined> {
    const { mount } = this.site
    const { pathname } = new URL(url)
    const path = pathname.startsWith(mount) ? pathname.slice(mount.length - 1) : pathname
    const file = this.site.fileOf(path)
    const bytes = file === undefined ? undefined : readFile(this.site.directory, file)
    return bytes && { text: bytes.toString('utf8'), type: /\.html?$/i.test(file ?? '') ? 'text/html' : '' }
  }
}

/** Directives that have no effect in a report-only policy, or that would send reports elsewhere. */
const LEFT_OUT = /^(?:report-uri|report-to|sandbox|upgrade-insecure-requests)\b/i
const SAMPLED = /^(?:default-src|(?:script|style)-src(?:-elem|-attr)?)\s(?!\s*'none'\s*$)/i

function reporting(policy: string, endpoint: string): string {
  const directives = policy
    .split(';')
    .map((one) => one.trim())
    .filter((one) => one !== '' && !LEFT_OUT.test(one))
    .map((one) => (SAMPLED.test(one) ? `${one} 'report-sample'` : one))
  return [...directives, `report-uri ${endpoint}`].join('; ')
}
