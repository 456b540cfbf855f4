import { createServer as createHttp, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { build, type InlineConfig, type ViteDevServer } from 'vite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { cspHashes, type Options } from '../../src/index.ts'
import { readTree, temporaryDirectory, writeTree } from '../support/files.ts'
import { collectingLogger } from '../support/logger.ts'
import { TOOLCHAINS } from './majors.ts'

const FILES = {
  'index.html':
    '<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n<script>globalThis.early = 1</script>\n</head>\n<body>\n<p>text</p>\n<script type="module" src="/main.js"></script>\n</body>\n</html>\n',
  'main.js': 'document.title = "ran"\n',
}
const REPORT_ONLY = 'content-security-policy-report-only'

interface Served {
  readonly server: ViteDevServer
  readonly url: string
  readonly lines: string[]
  page(path?: string): Promise<{ readonly response: Response; readonly html: string }>
}

async function serve(
  vite: (typeof TOOLCHAINS)[number]['vite'],
  options: Options,
  config: InlineConfig = {},
  files: Record<string, string> = FILES,
): Promise<Served> {
  const root = temporaryDirectory('dev-server')
  writeTree(root, files)
  const { logger, lines } = collectingLogger()
  const server = await vite.createServer({
    root,
    configFile: false,
    customLogger: logger,
    cacheDir: join(root, '.vite'),
    plugins: [cspHashes(options)],
    ...config,
    server: { port: 0, host: '127.0.0.1', ...config.server },
  })
  onTestFinished(() => server.close())
  if (server.httpServer) await server.listen(await unusedPort())
  const { port } = (server.httpServer?.address() ?? { port: 0 }) as AddressInfo
  return at(server, `http://127.0.0.1:${port}/`, lines)
}

const at = (server: ViteDevServer, url: string, lines: string[]): Served => ({
  server,
  url,
  lines,
  async page(path = '') {
    const response = await fetch(`${url}${path}`, { headers: { accept: 'text/html' } })
    return { response, html: await response.text() }
  },
})

/** Older majors take port 0 for their default port. */
async function unusedPort(): Promise<number> {
  const { close, port } = await listen((_, response) => response.end())
  await close()
  return port
}

async function listen(handler: RequestListener): Promise<{ port: number; close(): Promise<void> }> {
  const server = createHttp(handler)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}

/** Ten thousand take most of a minute, of the sender's time. */
const MANY = 1000

const nonceIn = (text: string | null): string | undefined => /nonce-([\w+/=]+)'/.exec(text ?? '')?.[1]

describe.each(TOOLCHAINS.map((one) => ({ ...one, title: `Vite ${one.major}` })))(
  'vite dev of $title',
  ({ vite }) => {
    it('gives each response a nonce of its own, in the header and in the page', async () => {
      const { page } = await serve(vite, {})
      const [first, second] = [await page(), await page()]
      for (const { response, html } of [first, second]) {
        const nonce = nonceIn(response.headers.get(REPORT_ONLY))
        expect(nonce).toHaveLength(24)
        expect(html).toContain(`<script nonce="${nonce}">globalThis.early`)
        expect(html).not.toContain('CspHashesDevNonce')
        expect(response.headers.get('etag')).toBeNull()
      }
      expect(first.html).not.toBe(second.html)
    })

    it('enforces on request, and leaves pages alone on request', async () => {
      const enforced = await (await serve(vite, { dev: 'enforce' })).page()
      expect(enforced.response.headers.get(REPORT_ONLY)).toBeNull()
      expect(nonceIn(enforced.response.headers.get('content-security-policy'))).toHaveLength(24)
      const off = await (await serve(vite, { dev: false })).page()
      expect(off.response.headers.get(REPORT_ONLY)).toBeNull()
      expect(off.html).not.toContain('nonce')
    })
  },
)

const { vite } = TOOLCHAINS.at(-1)!

describe('pages that are not made by Vite, or not by Vite alone', () => {
  it('pass as they are from a proxied server', async () => {
    const back = await listen((_, response) =>
      response.writeHead(200, { 'content-type': 'text/html', etag: '"1"' }).end('<p>back end</p>'),
    )
    onTestFinished(back.close)
    const { page } = await serve(vite, {}, { server: { proxy: { '/api': `http://127.0.0.1:${back.port}` } } })
    const { response, html } = await page('api/page')
    expect([html, response.headers.get('etag'), response.headers.get(REPORT_ONLY)]).toEqual([
      '<p>back end</p>',
      '"1"',
      null,
    ])
  })

  it('are the business of whoever sets a nonce', async () => {
    const { page } = await serve(vite, {}, { html: { cspNonce: 'mine' } })
    const { response, html } = await page()
    expect(html).toContain('nonce="mine"')
    expect(response.headers.get(REPORT_ONLY)).toBeNull()
  })

  it('get the policy in middleware mode, where a server of the user renders the template', async () => {
    const { server } = await serve(
      vite,
      { dev: 'enforce' },
      { appType: 'custom', server: { middlewareMode: true } },
    )
    const own = await listen((request, response) =>
      server.middlewares(request, response, () => {
        const html = server.transformIndexHtml(request.url ?? '/', FILES['index.html'])
        void html.then((text) => response.writeHead(200, { 'content-type': 'text/html' }).end(text))
      }),
    )
    onTestFinished(own.close)
    const { response, html } = await at(server, `http://127.0.0.1:${own.port}/`, []).page()
    const nonce = nonceIn(response.headers.get('content-security-policy'))
    expect(html).toContain(`<script nonce="${nonce}">globalThis.early`)
  })
})

describe('reports', () => {
  it('tells markup as soon as the page is served, once', async () => {
    const html = FILES['index.html'].replace('<p>', '<p onclick="go()">')
    const { page, lines } = await serve(vite, {}, {}, { ...FILES, 'index.html': html })
    await page()
    await page()
    await expect.poll(() => lines.filter((line) => line.includes('index.html:8:4')).length).toBe(1)
  })

  it('survives very many of them: few lines, and pages are served', async () => {
    const { url, lines, page } = await serve(vite, {})
    await page()
    const report = (at: number): string =>
      JSON.stringify({
        'csp-report': {
          'document-uri': url,
          'effective-directive': 'img-src',
          'blocked-uri': `https://${at}.example/`,
          'original-policy': "img-src 'self'",
        },
      })
    const headers = { origin: url.slice(0, -1), 'content-type': 'application/csp-report' }
    let next = 0
    const sender = async (): Promise<void> => {
      while (next < MANY) {
        const body = report(next++)
        await (await fetch(`${url}@csp-hashes/report`, { method: 'POST', headers, body })).arrayBuffer()
      }
    }
    await Promise.all(Array.from({ length: 20 }, sender))
    const told = lines.filter((line) => line.includes('[need-blocked]'))
    expect(told.length).toBeGreaterThan(0)
    expect(told.length).toBeLessThanOrEqual(100)
    expect(lines.filter((line) => line.includes('are not shown')).length).toBeLessThanOrEqual(1)
    expect((await page()).response.status).toBe(200)
  })

  it('are refused from another origin', async () => {
    const { url } = await serve(vite, {})
    const headers = { origin: 'https://evil.example', 'content-type': 'application/csp-report' }
    const answer = await fetch(`${url}@csp-hashes/report`, { method: 'POST', headers, body: '{}' })
    expect(answer.status).toBe(403)
  })
})

describe('a build', () => {
  it('has the same bytes, whatever the development server does', async () => {
    const trees = []
    for (const dev of ['report', 'enforce', false] as const) {
      const root = temporaryDirectory('dev-build')
      writeTree(root, FILES)
      await build({ root, configFile: false, logLevel: 'silent', plugins: [cspHashes({ dev })] })
      trees.push(readTree(join(root, 'dist')))
    }
    expect(Object.keys(trees[0]!)).not.toEqual([])
    expect(trees[1]).toEqual(trees[0])
    expect(trees[2]).toEqual(trees[0])
    expect(Buffer.concat(Object.values(trees[0]!)).toString()).not.toMatch(/csp-hashes\/|CspHashesDevNonce/)
  })
})
