import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Documents by number, each as written (under a policy that refuses and reports every script) and as secured. */
export interface Library {
  readonly origin: string
  put(index: number, written: string, secured: string | undefined): void
  close(): Promise<void>
}

/** Refuses each script that an engine would run, and says which one it was. */
const ASKING = "script-src-elem 'none' 'report-sample'; frame-src *"

export async function serveDocuments(): Promise<Library> {
  const documents = new Map<string, string>()
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    if (pathname === '/gallery') {
      const frames = (searchParams.get('of') ?? '')
        .split(',')
        .map((path) => `<iframe src="${path}"></iframe>`)
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      response.end(`<!doctype html><title>Gallery</title>${frames.join('')}`)
    } else if (pathname.startsWith('/x/')) {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end('void 0\n')
    } else {
      const text = documents.get(pathname)
      response.writeHead(text === undefined ? 404 : 200, {
        'content-type': 'text/html; charset=utf-8',
        ...(pathname.startsWith('/written/') ? { 'content-security-policy': ASKING } : {}),
      })
      response.end(text ?? 'Not found')
    }
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    put(index, written, secured) {
      documents.set(`/written/${index}.html`, written)
      if (secured !== undefined) documents.set(`/secured/${index}.html`, secured)
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}
