import { readFile, stat } from 'node:fs/promises'
import { createServer as createHttp, type RequestListener } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo } from 'node:net'
import { extname, join, relative, resolve, sep } from 'node:path'

const types: Record<string, string> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.mp4': 'video/mp4',
  '.xml': 'application/xml',
  '.txt': 'text/plain; charset=utf-8',
}

export interface ServeOptions {
  dir: string
  /** The path that the folder is mounted at. @default '/' */
  base?: string
  /** More headers for a request's path. */
  headers?: (path: string) => Record<string, string> | undefined
  /** The file for paths without one, as single-page apps need it. */
  fallback?: string
  /** Other bytes for a file (its path in the folder, with `/`). */
  override?: (file: string, bytes: Buffer) => Buffer | undefined
  /** Lets every origin read. @default false */
  cors?: boolean
  tls?: { key: string | Buffer; cert: string | Buffer }
}

export interface Served {
  origin: string
  url(path: string): string
  /** The paths asked for, in order. */
  requests: string[]
  close(): Promise<void>
}

/** A plain static server on the loopback interface. */
export async function serve(options: ServeOptions): Promise<Served> {
  const root = resolve(options.dir)
  const base = options.base ?? '/'
  const requests: string[] = []
  const read = async (path: string): Promise<{ file: string; bytes: Buffer } | undefined> => {
    const full = resolve(join(root, path))
    if (full !== root && !full.startsWith(root + sep)) return undefined
    if (!(await stat(full).catch(() => undefined))?.isFile()) return undefined
    const file = relative(root, full).split(sep).join('/')
    const bytes = await readFile(full)
    return { file, bytes: options.override?.(file, bytes) ?? bytes }
  }
  const find = async (path: string): Promise<{ file: string; bytes: Buffer } | undefined> =>
    (await read(path)) ??
    (await read(`${path}/index.html`)) ??
    (path.endsWith('/') ? undefined : read(`${path}.html`))
  const answer: RequestListener = async (request, response) => {
    try {
      const raw = new URL(request.url ?? '/', 'http://localhost').pathname
      requests.push(raw)
      const path = decodeURIComponent(raw)
      const inside = path.startsWith(base) ? path.slice(base.length) : undefined
      const found =
        inside === undefined
          ? undefined
          : ((await find(inside)) ??
            (options.fallback && extname(path) === '' ? await read(options.fallback) : undefined))
      const sent = found ?? (await read('404.html'))
      response.writeHead(found ? 200 : 404, {
        'content-type': types[extname(sent?.file ?? '.txt')] ?? 'application/octet-stream',
        'cache-control': 'no-store',
        ...(options.cors ? { 'access-control-allow-origin': '*' } : {}),
        ...options.headers?.(path),
      })
      response.end(sent?.bytes ?? 'Not found')
    } catch (error) {
      response
        .writeHead(error instanceof URIError ? 400 : 500, { 'content-type': 'text/plain' })
        .end(String(error))
    }
  }
  const server = options.tls ? createHttps(options.tls, answer) : createHttp(answer)
  await new Promise<void>((listening, failed) => {
    server.once('error', failed)
    server.listen(0, '127.0.0.1', listening)
  })
  const origin = `${options.tls ? 'https' : 'http'}://localhost:${(server.address() as AddressInfo).port}`
  return {
    origin,
    url: (path) => origin + base + path.replace(/^\//, ''),
    requests,
    close: () =>
      new Promise((closed, failed) => {
        server.close((error) => (error ? failed(error) : closed()))
        server.closeAllConnections()
      }),
  }
}
