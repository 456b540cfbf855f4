import { HeadersHandler } from '@netlify/headers'
import { parseAllHeaders } from '@netlify/headers-parser'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { netlify } from '../../src/outputs/headers-file/output.ts'
import { serve } from '../browsers/serve.ts'
import type { Answer, Host } from './host.ts'
import { originOf } from './ports.ts'

/** What may stand for a request in a rule: its own path, or that of the file which answers it. The emulators differ. */
function pathsOf(site: string, path: string): string[] {
  const decoded = decodeURIComponent(path)
    .replace(/\/{2,}/g, '/')
    .replace(/\/$/, '')
  const files = [`${decoded}.html`, `${decoded}/index.html`].filter((file) => existsSync(join(site, file)))
  return [path, ...files.map(encodeURI)]
}

/**
 * `@netlify/headers`, which the Vite plugin of Netlify uses, and the parser, which its command line uses. Browsers are
 * answered by a static server with the headers of the former in front.
 */
export const netlifyHost: Host = {
  name: 'Netlify',
  output: netlify,
  ownFile: { root: 'site', path: '_headers' },
  async start({ site, project, fallback }) {
    const errors: string[] = []
    const logger = { error: (message: string) => errors.push(message), log() {}, warn() {} }
    const handler = new HeadersHandler({
      configPath: undefined,
      projectDir: project,
      publishDir: site,
      logger,
    } as never)
    const parsed = await parseAllHeaders({
      headersFiles: [join(site, '_headers')],
      configHeaders: [],
      minimal: false,
    } as never)
    if (parsed.errors.length > 0) throw new AggregateError(parsed.errors)
    const pages = await serve({ dir: site, ...(fallback && { fallback }) })
    const front = createServer((request, response) => {
      const url = new URL(request.url ?? '/', pages.origin)
      handler
        .apply(new Request(url))
        .then((headers) => {
          get(url, (answer) => {
            response.writeHead(answer.statusCode ?? 500, { ...answer.headers, ...headers })
            answer.pipe(response)
          }).on('error', (error) => response.destroy(error))
        })
        .catch((error: Error) => response.destroy(error))
    }).listen(0, '127.0.0.1')
    await once(front, 'listening')
    return {
      origin: originOf((front.address() as AddressInfo).port),
      async get(path) {
        const answers: Answer[] = []
        for (const requested of pathsOf(site, path)) {
          // oxlint-disable-next-line no-await-in-loop -- one parse of the file at a time
          const headers = await handler.apply(new Request(`http://127.0.0.1${requested}`))
          answers.push({ status: undefined, headers: lowerCase(headers) })
          const rules = parsed.headers as { forRegExp: RegExp; values: Record<string, string> }[]
          const values = rules.filter(({ forRegExp }) => forRegExp.test(requested)).map((rule) => rule.values)
          answers.push({ status: undefined, headers: lowerCase(Object.assign({}, ...values)) })
        }
        if (errors.length > 0) throw new Error(errors.join('\n'))
        return answers
      },
      async stop() {
        front.close()
        front.closeAllConnections()
        await Promise.all([once(front, 'close'), pages.close()])
      },
    }
  },
}

function lowerCase(headers: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
