import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server in front of a static one: a host's headers, and what careless sites have besides files. */
export interface Front {
  readonly origin: string
  close(): Promise<void>
}

/**
 * Passes requests on as they are, but for two holes: `…/out?to=` redirects to any address, and
 * `/api/feed?callback=` answers with a call of what the address names.
 */
export async function serveFront(
  behind: string,
  headersOf: (path: string) => Readonly<Record<string, string>>,
): Promise<Front> {
  const target = new URL(behind)
  const server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? '/'
    const url = new URL(path, 'http://localhost')
    const to = url.searchParams.get('to')
    const callback = url.searchParams.get('callback')
    if (url.pathname.endsWith('/out') && to !== null) {
      outgoing.writeHead(302, { location: to }).end()
    } else if (url.pathname === '/api/feed' && callback !== null) {
      outgoing.writeHead(200, { 'content-type': 'text/javascript' }).end(`${callback}({})`)
    } else {
      // As hosts do with hashed files: else thirty apps in one page would wait for each other.
      const cache = path.startsWith('/assets/') ? { 'cache-control': 'max-age=600, immutable' } : {}
      const { hostname, port } = target
      const passed = request({ hostname, port, path, method: incoming.method }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, {
          ...answer.headers,
          ...cache,
          ...headersOf(url.pathname),
        })
        answer.pipe(outgoing)
      })
      passed.on('error', (error) => outgoing.writeHead(502).end(String(error)))
      passed.end()
    }
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((closed, failed) => {
        server.close((error) => (error ? failed(error) : closed()))
        server.closeAllConnections()
      }),
  }
}
