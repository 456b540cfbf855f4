import { createServer, type RequestListener } from 'node:http'
import { createServer as createSocketServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { verifyServed } from '../../src/verify-site/served.ts'
import { linkedUrls } from '../../src/verify-site/links.ts'

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const POLICY = "script-src 'none'; script-src-elem 'self'; object-src 'none'; base-uri 'none'"
const page = (body = ''): string => `<!doctype html><meta charset="utf-8"><title>t</title>${body}`
const html = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY }

/** Answers by path; a function writes the answer itself. */
function site(answers: Readonly<Record<string, string | RequestListener>>): RequestListener {
  return (request, response) => {
    const answer = answers[new URL(request.url ?? '/', 'http://x').pathname]
    if (typeof answer === 'function') return answer(request, response)
    const type = request.url?.endsWith('.js') ? { 'content-type': 'text/javascript' } : html
    response.writeHead(answer === undefined ? 404 : 200, type).end(answer)
  }
}

const failing = async (listener: RequestListener): Promise<string> => {
  const url = await serve(listener)
  const error = await verifyServed(url).then(
    () => undefined,
    (reason: unknown) => reason as Error & { code: string },
  )
  expect(error).toMatchObject({ name: 'DirectoryError', code: 'unreachable' })
  return error?.message.replace(url, '') ?? ''
}

describe('what the first page answers with', () => {
  it.each<[string, RequestListener, string]>([
    [
      'JSON',
      (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
      'application/json',
    ],
    ['nothing that is markup', (_, response) => response.end('hello'), 'no Content-Type'],
    [
      'markup that must not be sniffed',
      (_, response) => response.writeHead(200, { 'x-content-type-options': 'nosniff' }).end(page()),
      'no Content-Type',
    ],
    [
      'a redirect without a target',
      (_, response) => response.writeHead(302).end(),
      'without a usable Location',
    ],
    [
      'a redirect to a mail address',
      (_, response) => response.writeHead(302, { location: 'mailto:a@b.example' }).end(),
      'mailto:',
    ],
    [
      'a redirect to itself',
      (_, response) => response.writeHead(302, { location: '/' }).end(),
      'more than 10 times',
    ],
    ['an error', (_, response) => response.writeHead(503, html).end(page()), 'answers 503'],
    [
      'a cut answer',
      (_, response) => {
        response.writeHead(200, { ...html, 'content-length': '999' })
        response.write('<')
        setTimeout(() => response.destroy(), 20)
      },
      'closed the connection',
    ],
    [
      'damaged compression',
      (_, response) => response.writeHead(200, { ...html, 'content-encoding': 'gzip' }).end('no gzip'),
      'compressed content is damaged',
    ],
  ])('refuses %s and says why', async (_, listener, why) => {
    expect(await failing(listener)).toContain(why)
  })

  it('says that a server speaks no HTTP, and that none listens', async () => {
    const server = createSocketServer((socket) => {
      socket.write('220 mail.example ESMTP\r\n', () => socket.destroy())
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    await expect(verifyServed(url)).rejects.toThrow('does not speak HTTP')
    await new Promise((resolve) => server.close(resolve))
    await expect(verifyServed(url)).rejects.toThrow('no server listens there')
  })

  it('does not unpack a compressed page past the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024))
    expect(
      await failing((_, response) =>
        response.writeHead(200, { ...html, 'content-encoding': 'gzip' }).end(bomb),
      ),
    ).toContain('larger than 64 MiB')
  })

  it.each<[string, Record<string, string>]>([
    ['in capitals', { 'content-type': 'TEXT/HTML; Charset=UTF-8' }],
    ['missing', {}],
  ])('judges a page whose Content-Type is %s', async (_, headers) => {
    const url = await serve((_request, response) =>
      response
        .writeHead(200, { ...headers, 'content-security-policy': POLICY })
        .end(page('<script>x()</script>')),
    )
    const { pages, refusals } = await verifyServed(url)
    expect(pages).toHaveLength(1)
    expect(refusals.map(({ code }) => code)).toContain('inline-script-blocked')
  })

  it('judges the site that a redirect leads to, as the origin that it has there', async () => {
    const target = await serve(site({ '/app/': page('<script src="/x.js"></script>'), '/x.js': '1' }))
    const url = await serve((_, response) => response.writeHead(301, { location: `${target}app/` }).end())
    const result = await verifyServed(url)
    expect(result.origin).toBe(new URL(target).origin)
    expect(result.base).toBe('/app/')
    expect(result.refusals.filter(({ code }) => code.endsWith('blocked'))).toEqual([])
  })
})

describe('what links and scripts lead to', () => {
  it('reads pages behind strange addresses, and passes over those that name no file', async () => {
    const listener = site({
      '/': page(
        '<base href="/sub/"><a href="100%">x</a><a href="a%20b?q">x</a><area href="caf%C3%A9"><a href=\'http://[\'>x</a>',
      ),
      '/sub/a%20b': page(),
      '/sub/caf%C3%A9': page(),
    })
    const { pages } = await verifyServed(await serve(listener))
    expect(pages.map((one) => one.page)).toEqual(['index.html', 'sub/a b', 'sub/café'])
  })

  it('names a page once that two links and a redirect lead to', async () => {
    const listener = site({
      '/': page('<a href="/about">x</a><a href="/about/">x</a>'),
      '/about': (_, response) => response.writeHead(308, { location: '/about/' }).end(),
      '/about/': page(),
    })
    const { pages } = await verifyServed(await serve(listener))
    expect(pages.map((one) => one.page)).toEqual(['index.html', 'about/index.html'])
  })

  it('says what could not be read, and does not call the site good', async () => {
    const other = await serve(site({}))
    const listener = site({
      '/': page('<script src="/gone.js"></script><script src="/away.js"></script>'),
      '/gone.js': (request) => request.socket.destroy(),
      '/away.js': (_, response) => response.writeHead(302, { location: `${other}x.js` }).end(),
    })
    const { ok, unread } = await verifyServed(await serve(listener))
    expect(ok).toBe(false)
    expect(unread.map(({ url, why }) => [new URL(url).pathname, why])).toEqual([
      ['/gone.js', 'the server closed the connection before the answer was complete'],
      ['/away.js', `the server redirects to another origin, ${new URL(other).origin}`],
    ])
  })

  it('fetches a few files at a time', async () => {
    let open = 0
    let most = 0
    const scripts = Array.from({ length: 200 }, (_, index) => `<script src="/${index}.js"></script>`).join('')
    const listener = site({ '/': page(scripts) })
    const url = await serve((request, response) => {
      most = Math.max(most, ++open)
      response.once('close', () => open--)
      if (!request.url?.endsWith('.js')) return listener(request, response)
      setTimeout(() => response.writeHead(200, { 'content-type': 'text/javascript' }).end('1'), 5)
    })
    const { unread } = await verifyServed(url)
    expect(unread).toEqual([])
    expect(most).toBeGreaterThan(1)
    expect(most).toBeLessThanOrEqual(8)
  })

  it('stops when it is asked to', async () => {
    const controller = new AbortController()
    const url = await serve(() => controller.abort('SIGTERM'))
    await expect(verifyServed(url, { signal: controller.signal })).rejects.toMatchObject({ code: 'aborted' })
  })
})

describe('linkedUrls', () => {
  it('reads markup that is never closed once, not once from each of its places', () => {
    // 600 kB that a search by a regular expression began again at every `<a `.
    const links = linkedUrls('<a '.repeat(200_000), 'https://a.example/')
    expect(links).toEqual([])
  })
})
