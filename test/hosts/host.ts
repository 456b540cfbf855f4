import { get as request, type IncomingHttpHeaders } from 'node:http'
import { byName } from '../../src/outputs/fields.ts'
import type { Output } from '../../src/outputs/output.ts'

/** What a host answers to a request. */
export interface Answer {
  /** Of the page itself, after redirects; `undefined` where a host's parser alone is asked. */
  readonly status: number | undefined
  /** Every header, by lower-case name; of several with one name all values, joined as a browser joins them. */
  readonly headers: ReadonlyMap<string, string>
}

export interface RunningHost {
  /** Where a browser opens it; `undefined` where only a host's parser is asked. */
  readonly origin?: string
  /** Every answer that the host may give: its emulators do not always agree. */
  get(path: string): Promise<Answer[]>
  stop(): Promise<void>
}

/** A real server, or the parser that a host itself uses. */
export interface Host {
  readonly name: string
  readonly output: Output
  /** The user's own file that the output merges into, if it does. */
  readonly ownFile?: { readonly root: 'site' | 'project'; readonly path: string }
  start(directories: {
    readonly site: string
    readonly project: string
    /** The page for paths without a file, as single-page apps need it; without it such paths are not found. */
    readonly fallback?: 'index.html' | undefined
    /** What else the user has written into the configuration of the server. */
    readonly configuration?: string
  }): Promise<RunningHost>
}

function joined(headers: IncomingHttpHeaders, raw: readonly string[]): ReadonlyMap<string, string> {
  const fields = raw.flatMap((name, index) =>
    index % 2 === 0 ? [{ name, value: raw[index + 1] ?? '' }] : [],
  )
  return new Map([
    ...Object.entries(headers).map(([name, value]) => [name, String(value)] as const),
    ...byName(fields),
  ])
}

/** Requests a path as it is written, without a client that would normalise it; follows redirects on the same host. */
export function getFrom(port: number, path: string, hops = 5): Promise<Answer> {
  return new Promise((resolve, reject) => {
    // A connection of its own: a server may close one that is kept just when the next request goes out on it.
    const options = { host: '127.0.0.1', port, path, agent: false, headers: { accept: 'text/html' } }
    request(options, (response) => {
      response.resume()
      response.on('end', () => {
        const status = response.statusCode ?? 0
        const { location } = response.headers
        if (status < 300 || status > 399 || location === undefined || hops === 0) {
          resolve({ status, headers: joined(response.headers, response.rawHeaders) })
          return
        }
        const next = new URL(location, `http://127.0.0.1:${port}/`)
        resolve(getFrom(port, next.pathname, hops - 1))
      })
    }).on('error', reject)
  })
}
