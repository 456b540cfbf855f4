import { statSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join, resolve } from 'node:path'
import type { PreviewServer } from 'vite'
import type { Output } from '../outputs/output.ts'
import { mountOf } from '../outputs/snippet.ts'
import { readFile } from '../files/read.ts'

/** The file of the site behind a URL path, as the preview's static server finds it. */
function servedFile(directory: string, url: string): string | undefined {
  let path: string
  try {
    path = decodeURIComponent(url.replace(/[?#].*$/, '')).replace(/^\/+/, '')
  } catch {
    return undefined
  }
  const candidates = path === '' || path.endsWith('/') ? [`${path}index.html`] : [path, `${path}/index.html`]
  return candidates.find((file) => statSync(join(directory, file), { throwIfNoEntry: false })?.isFile())
}

/**
 * Lets `vite preview` answer with the headers that the host would send, read back from the files that were written.
 * Only headers are set, whatever the status, and never a body: frameworks prerender through a preview server.
 */
export function previewHeaders(server: PreviewServer, outputs: readonly Output[]): void {
  const readers = outputs.flatMap((output) => (output.read ? [output.read.bind(output)] : []))
  if (readers.length === 0) return
  const { root, build, base } = server.config
  const mount = mountOf({ base })
  const directory = resolve(root, build.outDir)
  const written = {
    siteFile: (path: string) => readFile(directory, path)?.toString('utf8'),
    projectFile: (path: string) => readFile(root, path)?.toString('utf8'),
  }
  server.middlewares.use((request, response, next) => {
    const asked = (request.url ?? '/').replace(/[?#].*$/, '')
    const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse
    response.writeHead = (...args: unknown[]) => {
      // By now the fallbacks have put the path of the served file in place of what was asked for.
      const file = response.statusCode === 404 ? undefined : servedFile(directory, request.url ?? '/')
      for (const read of readers) {
        for (const [name, value] of read(written, { path: asked, mount, file }))
          response.setHeader(name, value)
      }
      return writeHead(...args)
    }
    next()
  })
}
