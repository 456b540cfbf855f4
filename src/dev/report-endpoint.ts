import type { IncomingMessage, ServerResponse } from 'node:http'
import { readReports, type Violation } from '../core/violations/violation.ts'

/** Maximum size of a report. A violation takes about 2 KB, most of it for the policy. */
const LARGEST = 64 * 1024
/** Maximum number of reports that are read per second; a page in a loop sends thousands. */
const MOST_A_SECOND = 50

/** Milliseconds without a dropped report after which the number of dropped reports is logged. */
const QUIET = 1000

const TYPES = /^application\/(?:csp-report|reports\+json|json)\b/i

/**
 * Receives the reports of browsers. Only accepts reports from pages of this server, and limits their number and
 * size.
 */
export class ReportEndpoint {
  private second = 0
  private count = 0
  private dropped = 0
  private quiet: NodeJS.Timeout | undefined

  /** `warn` gets the number of dropped reports, once for each flood of reports. */
  constructor(
    private readonly take: (violations: readonly Violation[]) => void,
    private readonly warn: (message: string) => void,
    private readonly now: () => number = Date.now,
  ) {}

  handle(request: IncomingMessage, response: ServerResponse): void {
    const status = this.objection(request)
    if (status !== undefined) {
      if (status === 429) this.drop()
      // Do not read the rest of the request: its body could be endless.
      response.writeHead(status, status === 413 ? { connection: 'close' } : {}).end()
      request.resume()
      return
    }
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= LARGEST) chunks.push(chunk)
      else if (!response.writableEnded) {
        chunks.length = 0
        response.writeHead(413, { connection: 'close' }).end(() => request.destroy())
      }
    })
    request.on('end', () => {
      if (response.writableEnded) return
      response.writeHead(204).end()
      this.read(Buffer.concat(chunks).toString('utf8'))
    })
    request.on('error', () => undefined)
  }

  private objection({ method, headers }: IncomingMessage): number | undefined {
    if (method !== 'POST') return 405
    if (!isOwnPage(headers)) return 403
    if (!TYPES.test(headers['content-type'] ?? '')) return 415
    if (Number(headers['content-length'] ?? 0) > LARGEST) return 413
    const second = Math.floor(this.now() / 1000)
    if (second !== this.second) [this.second, this.count] = [second, 0]
    return ++this.count > MOST_A_SECOND ? 429 : undefined
  }

  private drop(): void {
    this.dropped++
    clearTimeout(this.quiet)
    this.quiet = setTimeout(() => {
      this.warn(
        `${this.dropped} reports of violations were not read: a page sent more than ${MOST_A_SECOND} in a second. Reload it once what is told above is corrected.`,
      )
      this.dropped = 0
    }, QUIET).unref()
  }

  private read(text: string): void {
    let json: unknown
    try {
      json = JSON.parse(text)
    } catch {
      return
    }
    this.take(readReports(json))
  }
}

/** Browsers send the origin with every report, and no page can change these headers. */
function isOwnPage(headers: IncomingMessage['headers']): boolean {
  if (headers['sec-fetch-site'] !== undefined) return headers['sec-fetch-site'] === 'same-origin'
  const { origin } = headers
  const host = headers.host ?? headers[':authority']
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host
}
