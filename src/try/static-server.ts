import { readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { scanPage } from '../core/html/scan.ts'
import { readHostFiles } from '../verify/hosts/readings.ts'
import { readFile } from '../files/read.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.htm': 'text/html',
  '.html': 'text/html',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.map': 'application/json',
  '.mjs': 'text/javascript',
  '.mp4': 'video/mp4',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.xml': 'application/xml',
}

export interface StaticServer {
  readonly origin: string
  /** The host's file from which headers are sent, `undefined` if no such file sets a policy. */
  readonly hostFile: string | undefined
  close(): Promise<void>
}

export interface StaticSite {
  readonly directory: string
  /** Path at which the site is mounted. */
  readonly mount: string
  /** Root of the project, where some hosts have their configuration. */
  readonly project: string
  /** `false` removes every policy, in headers and in pages. */
  readonly policies: boolean
}

/** Serves a finished site on the loopback interface, with the headers that its host would send. */
export async function serveDirectory(site: StaticSite): Promise<StaticServer> {
  const { directory, mount, project, policies } = site
  const textOf = (file: string, root: 'site' | 'project'): string | undefined =>
    (readFile(root === 'project' ? project : directory, file) ?? readFile(directory, file))?.toString('utf8')
  const reading = policies ? readHostFiles(textOf, mount).readings[0] : undefined
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const found = fileOf(site, pathname)
    const file = found ?? lastResort(directory)
    const bytes = file === undefined ? undefined : readFileSync(join(directory, file))
    const type = TYPES[extname(file ?? '.txt').toLowerCase()] ?? 'application/octet-stream'
    response.setHeader('content-type', type.startsWith('text/') ? `${type}; charset=utf-8` : type)
    response.setHeader('cache-control', 'no-store')
    for (const [name, value] of reading?.reading.headers({ path: pathname, file: file ?? '404.html' }) ?? [])
      response.appendHeader(name, value)
    response.statusCode = found !== undefined || file === 'index.html' ? 200 : 404
    response.end(policies || !type.includes('html') ? bytes : bytes && withoutPolicy(bytes))
  })
  await new Promise<void>((listening, failed) => {
    server.once('error', failed)
    server.listen(0, 'localhost', listening)
  })
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    hostFile: reading?.file,
    close: () =>
      new Promise((closed, failed) => {
        server.close((error) => (error ? failed(error) : closed()))
        server.closeAllConnections()
      }),
  }
}

/** The file for a path, found as static hosts do. */
function fileOf({ directory, mount }: StaticSite, pathname: string): string | undefined {
  if (!pathname.startsWith(mount)) return undefined
  let path: string
  try {
    path = decodeURIComponent(pathname.slice(mount.length))
  } catch {
    return undefined
  }
  if (path.split(/[/\\]/).includes('..') || path.includes('\0')) return undefined
  const candidates =
    path === '' || path.endsWith('/') ? [`${path}index.html`] : [path, `${path}.html`, `${path}/index.html`]
  return candidates.find((file) => isFile(directory, file))
}

/** The file that hosts send if a path has no file: the error page, or the app. */
function lastResort(directory: string): string | undefined {
  return ['404.html', 'index.html'].find((file) => isFile(directory, file))
}

const isFile = (directory: string, file: string): boolean =>
  statSync(join(directory, file), { throwIfNoEntry: false })?.isFile() === true

function withoutPolicy(bytes: Uint8Array): string {
  const html = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  const { policyMetas } = scanPage('page', html)
  return policyMetas
    .toReversed()
    .reduce((text, { span }) => text.slice(0, span.start) + text.slice(span.end), html)
}
