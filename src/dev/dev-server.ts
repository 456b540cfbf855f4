import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ViteDevServer } from 'vite'
import type { Finding } from '../core/findings/index.ts'
import { pageFilter } from '../core/page/left-pages.ts'
import { scanPage } from '../core/html/scan.ts'
import { pathOfUrl } from '../core/violations/violation.ts'
import { ViolationLog } from '../core/violations/violation-log.ts'
import type { ResolvedOptions } from '../options.ts'
import { messagesText } from '../summary.ts'
import { DevSite } from './dev-site.ts'
import { OVERLAY_EVENT, OVERLAY_READY, overlayScript } from './overlay.ts'
import { devPolicies, policyHeader } from './page-policy.ts'
import { pageFindings } from './page-findings.ts'
import { asksForPage, withNonce } from './page-response.ts'
import { ReportEndpoint } from './report-endpoint.ts'

export interface DevSettings {
  readonly mode: 'report' | 'enforce'
  readonly overlay: boolean
}

const HEADER = { report: 'Content-Security-Policy-Report-Only', enforce: 'Content-Security-Policy' } as const

/** Further findings are counted, not shown. */
const MOST_FINDINGS = 100
/**
 * Milliseconds: a page whose overlay becomes ready shows findings newer than this, which probably belong to it.
 */
const RECENT = 15_000

/** Applies the policy to the pages of a development server, and reports violations in its terminal. */
export class DevPolicy {
  private readonly site: DevSite
  private readonly log: ViolationLog
  private readonly reports: ReportEndpoint
  private readonly paths: { readonly report: string; readonly overlay: string }
  private shown = 0
  private recent: { readonly text: string; readonly time: number }[] = []

  constructor(
    private readonly server: ViteDevServer,
    private readonly options: ResolvedOptions,
    private readonly settings: DevSettings,
    private readonly name: string,
  ) {
    const { base } = server.config
    this.paths = { report: `${base}@csp-hashes/report`, overlay: `${base}@csp-hashes/overlay.js` }
    this.site = new DevSite(server)
    this.log = new ViolationLog(this.site, options.findings)
    // A page often has violations before its WebSocket is open.
    server.ws.on(OVERLAY_READY, (_: unknown, client) => {
      const since = Date.now() - RECENT
      const texts = this.recent.filter(({ time }) => time >= since).map(({ text }) => text)
      if (texts.length > 0) client.send(OVERLAY_EVENT, { texts })
    })
    this.reports = new ReportEndpoint(
      (violations) => {
        // Violations that will not be shown need not be explained.
        if (this.shown > MOST_FINDINGS) return
        this.tell(violations.filter(({ source }) => !isVites(source)).flatMap((one) => this.log.add(one)))
      },
      (message) => server.config.logger.warn(`[${name}] ${message}`, { timestamp: true }),
    )
  }

  handle(
    request: IncomingMessage & { originalUrl?: string | undefined },
    response: ServerResponse,
    next: () => void,
  ): void {
    const path = (request.originalUrl ?? request.url ?? '/').replace(/[?#].*$/, '')
    if (path === this.paths.report) return this.reports.handle(request, response)
    if (path === this.paths.overlay) {
      response.setHeader('content-type', 'text/javascript')
      response.end(overlayScript(this.server.config.base))
      return
    }
    if (asksForPage(request))
      withNonce(request, response, (html, nonce) => {
        const policy = this.policyOf(request, path, html, nonce)
        return policy === undefined ? undefined : [HEADER[this.settings.mode], policy]
      })
    next()
  }

  /** At this point, the fallback middlewares have replaced the requested path by that of the served file. */
  private policyOf(request: IncomingMessage, asked: string, html: string, nonce: string): string | undefined {
    const { base, server } = this.server.config
    const served = readable(request.url ?? '/').slice(1)
    const file = served === '' || served.endsWith('/') ? `${served}index.html` : served
    if (pageFilter(this.options.pages)(file)) return undefined
    const page = scanPage(file, html)
    const facts = { base, origin: server.origin, endpoint: this.paths.report }
    const { policies, needs } = devPolicies(page, nonce, this.options, facts)
    this.site.served(readable(asked), page)
    const found = pageFindings({
      page,
      policies,
      needs,
      options: this.options,
      base,
      source: (path) => this.site.source(path),
    })
    // Do not delay the page by printing.
    setImmediate(() => this.tell(found.flatMap((one) => this.log.tell({ findings: [one], remedy: {} }))))
    return policyHeader(policies, this.paths.report)
  }

  private tell(findings: readonly Finding[]): void {
    const { logger } = this.server.config
    const shown = findings.slice(0, Math.max(0, MOST_FINDINGS - this.shown))
    this.shown += findings.length
    if (shown.length < findings.length && this.shown - findings.length <= MOST_FINDINGS)
      logger.warn(`[${this.name}] Further violations are not shown until the server is restarted.`, {
        timestamp: true,
      })
    for (const found of shown)
      logger[found.severity === 'info' ? 'info' : 'warn'](`[${this.name}] ${textOf(found)}`, {
        timestamp: true,
      })
    if (!this.settings.overlay) return
    const texts = shown.map(textOf)
    const time = Date.now()
    this.recent = [...this.recent, ...texts.map((text) => ({ text, time }))].slice(-MOST_FINDINGS)
    if (texts.length > 0) this.server.ws.send(OVERLAY_EVENT, { texts })
  }
}

const readable = (url: string): string => pathOfUrl(`http://localhost${url}`) ?? url

const textOf = (found: Finding): string => messagesText([found], { door: 'plugin', verbose: true })

/** Whether a script was injected by Vite's development server: such scripts are not part of a build. */
const isVites = (source: string): boolean =>
  /\/@(?:vite\/client|vite\/env|react-refresh|csp-hashes\/)/.test(source)
