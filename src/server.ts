/** One header field of a response. */
interface HeaderField {
  readonly name: string
  readonly value: string
}

/** What is read of `csp-hashes.json`. Its whole format is `schema/csp-hashes.schema.json` of the package. */
export interface PolicyFile {
  readonly version: number
  /** Public base of the site: what its paths begin with, unless it is relative or the URL of a CDN. */
  readonly base: string
  /** Sent with every path that is no page, since a server may know a page by further paths. */
  readonly union: { readonly headers: readonly HeaderField[] }
  readonly pages: readonly {
    readonly requestPaths: readonly string[]
    readonly headers: readonly HeaderField[]
  }[]
}

/** Header fields by name. */
export type Headers = Readonly<Record<string, string>>

/** The header fields for a path of the site, percent-encoded as a request has it; a query is ignored. */
export type HeadersFor = (path: string) => Headers

function fieldsOf(fields: readonly HeaderField[]): Headers {
  return Object.fromEntries(fields.map(({ name, value }) => [name, value]))
}

/**
 * Answers which headers belong to a path, from the `csp-hashes.json` that `output: 'json'` wrote: its text, or what
 * `JSON.parse` or an import makes of it.
 *
 * @throws {TypeError} if it is no such file, or of a later version
 */
export function headersFrom(file: PolicyFile | string): HeadersFor {
  const { version, base, union, pages } = (typeof file === 'string' ? JSON.parse(file) : file) as PolicyFile
  if (version !== 1 || !Array.isArray(union?.headers))
    throw new TypeError(
      `csp-hashes.json has version ${String(version)}, and this server reads version 1. Build the site again with the same version of vite-plugin-csp-hashes.`,
    )
  const byPath = new Map(
    pages.flatMap(({ requestPaths, headers }) => {
      const fields = fieldsOf(headers)
      return requestPaths.map((path) => [path, fields] as const)
    }),
  )
  const others = fieldsOf(union.headers)
  const mount = /^\/(?!\/)/.test(base) ? base : '/'
  return (path) => {
    const [pathname = ''] = path.split(/[?#]/, 1)
    const page = pathname.startsWith(mount) ? byPath.get(`/${pathname.slice(mount.length)}`) : undefined
    return page ?? others
  }
}

interface ConnectRequest {
  readonly url?: string | undefined
  /** What Express keeps of the path when an app is mounted below another. */
  readonly originalUrl?: string | undefined
}

interface ConnectResponse {
  setHeader(name: string, value: string): unknown
}

/** Middleware for connect, Express and what takes the same: put it before what sends files and pages. */
export function connect(
  headersFor: HeadersFor,
): (request: ConnectRequest, response: ConnectResponse, next: () => void) => void {
  return (request, response, next) => {
    const fields = headersFor(request.originalUrl ?? request.url ?? '/')
    for (const [name, value] of Object.entries(fields)) response.setHeader(name, value)
    next()
  }
}

/** A handler that takes a request of the Fetch standard, as those of Hono, Bun, Deno and Workers. */
type FetchHandler<Rest extends unknown[]> = (request: Request, ...rest: Rest) => Response | Promise<Response>

/** Wraps a handler so that its responses carry the headers. */
export function wrapFetch<Rest extends unknown[]>(
  headersFor: HeadersFor,
  handler: FetchHandler<Rest>,
): (request: Request, ...rest: Rest) => Promise<Response> {
  return async (request, ...rest) => {
    const response = await handler(request, ...rest)
    // The headers of a response that was fetched cannot be changed.
    const answer = new Response(response.body, response)
    const fields = headersFor(new URL(request.url).pathname)
    for (const [name, value] of Object.entries(fields)) answer.headers.set(name, value)
    return answer
  }
}
