import { resolve } from 'node:path'
import type { PreviewServer } from 'vite'
import { readFile } from '../files/read.ts'
import { NAME } from './hook-context.ts'
import { servedFile } from './preview.ts'

const POLICY_HEADERS = ['content-security-policy', 'content-security-policy-report-only']

/** Matches a policy meta that this package wrote. */
const OWN_META = /<meta http-equiv="Content-Security-Policy" content="[^"]*" data-csp-hashes>/g

/** Matches the directories that the policy of `strict` allows on any origin. */
const ANY_ORIGIN = /(?<= )\*:\*(\/[^ ;,"]*)/g

/** Hosts on plain http that must be named for WebKit. Excludes characters that could end a source expression. */
const PLAIN_HOST = /^(?!localhost(?::|$))[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d+)?$/i

function withOrigin(policy: string, origin: string): string {
  return policy.replace(ANY_ORIGIN, (source, path: string) => `${source} ${origin}${path}`)
}

type Send = (this: unknown, ...args: unknown[]) => unknown

function pageAt(directory: string, url = '/'): string | undefined {
  const file = servedFile(directory, url)
  return file && /\.html?$/i.test(file) ? readFile(directory, file)?.toString('utf8') : undefined
}

/**
 * The arguments of `writeHead` without `Content-Length`, since the body changes. Copies the object, because the
 * static server reuses it.
 */
function withoutLength(headers: unknown): unknown {
  if (typeof headers !== 'object' || headers === null) return headers
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-length'),
  )
}

/**
 * Lets a preview work at every address that it prints. On plain http other than `localhost`, WebKit needs the host
 * to be named, so this adds it to the policies in headers and pages of the response. Other responses are not
 * changed: frameworks prerender through a preview server.
 */
export function previewOrigin(server: PreviewServer): void {
  const { root, build, logger } = server.config
  const directory = resolve(root, build.outDir)
  const told = new Set<string>()
  server.middlewares.use((request, response, next) => {
    const { host = '' } = request.headers
    const origin = `http://${host}`
    if ('encrypted' in request.socket || !PLAIN_HOST.test(host)) return next()
    // The page is edited as text, so it must not be compressed.
    delete request.headers['accept-encoding']
    const tell = (): void => {
      if (told.has(origin)) return
      told.add(origin)
      logger.info(
        `[${NAME}] This preview adds ${origin} to the policy: WebKit needs it on plain http. Elsewhere, set origin: 'http://${host.replace(/:\d+$/, '')}:*'.`,
      )
    }
    let edited: string | undefined
    const { write, end, writeHead } = response as unknown as Record<string, Send>
    const begin = (): void => void (response.headersSent || response.writeHead(response.statusCode))
    Object.assign(response, {
      writeHead(status: number, ...rest: unknown[]) {
        for (const name of POLICY_HEADERS) {
          const policies = [response.getHeader(name) ?? []].flat().map(String)
          const named = policies.map((policy) => withOrigin(policy, origin))
          if (named.join() === policies.join()) continue
          response.setHeader(name, named)
          tell()
        }
        const page = status === 200 ? pageAt(directory, request.url) : undefined
        const named = page?.replace(OWN_META, (meta) => withOrigin(meta, origin))
        if (named === undefined || named === page) return writeHead?.call(response, status, ...rest)
        tell()
        edited = named
        response.setHeader('content-length', Buffer.byteLength(named))
        return writeHead?.call(response, status, ...rest.map(withoutLength))
      },
      write(...content: unknown[]) {
        begin()
        return edited === undefined ? write?.apply(response, content) : true
      },
      end(...content: unknown[]) {
        begin()
        if (edited !== undefined) content = request.method === 'HEAD' ? [] : [edited]
        return end?.apply(response, content)
      },
    })
    next()
  })
}
