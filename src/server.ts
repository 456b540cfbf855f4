/** A header field of a response. */
interface HeaderField {
  readonly name: string
  readonly value: string
}

/**
 * The part of `csp-hashes.json` that a server needs. The schema of the whole file is `schema/csp-hashes.schema.json` in
 * the package.
 */
export interface PolicyFile {
  /** The version of the format: 1. */
  readonly version: number
  /** Public base of the site. Request paths begin with it, unless it is relative or the URL of a CDN. */
  readonly base: string
  /** The headers for every path that is not listed under `pages`. A server may answer other paths with a page, too. */
  readonly union: { readonly headers: readonly HeaderField[] }
  /** The headers of each page, with the percent-encoded paths under which hosts usually serve it. */
  readonly pages: readonly {
    readonly requestPaths: readonly string[]
    readonly headers: readonly HeaderField[]
  }[]
}

/** Header values by name. */
export type Headers = Readonly<Record<string, string>>

/** Returns the headers for a request path, percent-encoded as in the request. A query is ignored. */
export type HeadersFor = (path: string) => Headers

function fieldsOf(fields: readonly HeaderField[]): Headers {
  return Object.fromEntries(fields.map(({ name, value }) => [name, value]))
}

/**
 * Reads the `csp-hashes.json` that `output: 'json'` wrote, and returns a function that looks up the headers for a path.
 * Give it the text of the file, or the object that `JSON.parse` or an import returns.
 *
 * @throws {SyntaxError} if the text is not JSON
 * @throws {TypeError} if the file has another format or another version
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
  /** The whole path. Express removes the path of a mounted app from `url`. */
  readonly originalUrl?: string | undefined
}

interface ConnectResponse {
  setHeader(name: string, value: string): unknown
}

/** Returns middleware for Express, connect and similar servers. Register it before what sends files and pages. */
export function connect(
  headersFor: HeadersFor,
): (request: ConnectRequest, response: ConnectResponse, next: () => void) => void {
  return (request, response, next) => {
    const fields = headersFor(request.originalUrl ?? request.url ?? '/')
    for (const [name, value] of Object.entries(fields)) response.setHeader(name, value)
    next()
  }
}

/** A handler with the `Request` and `Response` of the Fetch standard, as in Hono, Bun, Deno and Workers. */
type FetchHandler<Rest extends unknown[]> = (request: Request, ...rest: Rest) => Response | Promise<Response>

/** Wraps a handler, so that all its responses get the headers of their path. */
export function wrapFetch<Rest extends unknown[]>(
  headersFor: HeadersFor,
  handler: FetchHandler<Rest>,
): (request: Request, ...rest: Rest) => Promise<Response> {
  return async (request, ...rest) => {
    const response = await handler(request, ...rest)
    // The headers of a response that came from fetch() are immutable.
    const answer = new Response(response.body, response)
    const fields = headersFor(new URL(request.url).pathname)
    for (const [name, value] of Object.entries(fields)) answer.headers.set(name, value)
    return answer
  }
}
