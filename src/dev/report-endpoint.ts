import type { IncomingMessage, ServerResponse } from 'node:http'
import { readReports, type Violation } from '../core/violations/violation.ts'

/** A violation takes some 2 KB, most of it the policy. */
const LARGEST = 64 * 1024
/** Reports that are read in a second; a page in a loop sends thousands. */
const MOST_A_SECOND = 50

/** Milliseconds without a dropped report after which their number is told. */
const QUIET = 1000

const TYPES = /^application\/(?:csp-report|reports\+json|json)\b/i

/** Takes the reports of browsers. Only pages of the server itself may send any, and only so many and so large. */
export class ReportEndpoint {
  private second = 0
  private count = 0
  private dropped = 0
  private quiet: NodeJS.Timeout | undefined

  /** `warn` is told how many reports were not read, once for each flood of them. */
  constructor(
    private readonly take: (violations: readonly Violation[]) => void,
    private readonly warn: (message: string) => void,
    private readonly now: () => number = Date.now,
  ) {}

  handle(request: IncomingMessage, response: ServerResponse): void {
    const status = this.objection(request)
    if (status !== undefined) {
      if (status === 429) this.drop()
      // What is left of the request is not read: a body without end would be.
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

/** Browsers send the origin with every report, and no page can change what they say. */
function isOwnPage(headers: IncomingMessage['headers']): boolean {
  if (headers['sec-fetch-site'] !== undefined) return headers['sec-fetch-site'] === 'same-origin'
  const { origin } = headers
  const host = headers.host ?? headers[':authority']
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host
}
