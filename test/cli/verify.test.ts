import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { secureDirectory } from '../../src/directory.ts'
import { readTree } from '../support/files.ts'
import { page, read, temporarySite } from '../directory/temporary-site.ts'
import { run } from './run-main.ts'

const files = {
  'index.html': page(
    '<title>x</title><script type="module" src="/assets/app-1a2b3c4d.js"></script>',
    '<script>start()</script><a href="/about/">about</a>',
  ),
  'about/index.html': page('<title>y</title>', '<script>about()</script>'),
  'assets/app-1a2b3c4d.js': 'import "./dep-1a2b3c4d.js"',
  'assets/dep-1a2b3c4d.js': 'export{}',
}

async function good(): Promise<string> {
  const site = temporarySite(files)
  expect((await secureDirectory(site)).written).toBe(true)
  return site
}

function change(site: string, path: string, edit: (text: string) => string): void {
  const before = read(site, path)
  const after = edit(before)
  expect(after).not.toBe(before)
  writeFileSync(join(site, path), after)
}

async function codes(argv: readonly string[]): Promise<{ exit: number; codes: string[] }> {
  const { exit, out } = await run(['verify', ...argv, '--json'])
  const { refusals } = JSON.parse(out) as { refusals: { code: string }[] }
  return { exit, codes: refusals.map(({ code }) => code) }
}

describe('verify, over a directory', () => {
  it('finds nothing on a good site', async () => {
    expect(await codes([await good()])).toEqual({ exit: 0, codes: [] })
  })

  it.each<[string, string, (text: string) => string, string]>([
    ['a changed byte of a chunk', 'assets/dep-1a2b3c4d.js', (text) => `${text};`, 'integrity-mismatch'],
    [
      'a changed inline script',
      'index.html',
      (html) => html.replace('start()', 'start( )'),
      'inline-script-blocked',
    ],
    [
      'a missing hash',
      'about/index.html',
      (html) => html.replace(/script-src-elem 'sha384-[^']+'/, "script-src-elem 'self'"),
      'inline-script-blocked',
    ],
    [
      'a policy moved behind a script',
      'about/index.html',
      (html) => {
        const metas = /(?:\n<meta http-equiv[^>]*>)+/.exec(html)?.[0] ?? ''
        return html.replace(metas, '').replace('</body>', `${metas}</body>`)
      },
      'policy-in-body',
    ],
    [
      'an injected script',
      'index.html',
      (html) => html.replace('</body>', '<script src="https://evil.test/x.js"></script></body>'),
      'external-script-blocked',
    ],
    [
      'a stale pin',
      'index.html',
      (html) =>
        html.replace(/"\/assets\/dep-1a2b3c4d\.js":"sha384-[^"]*"/, '"/assets/gone.js":"sha384-AAAA"'),
      'integrity-missing',
    ],
  ])('finds %s', async (_, path, edit, code) => {
    const site = await good()
    change(site, path, edit)
    const result = await codes([site])
    expect(result.exit).toBe(1)
    expect(result.codes).toContain(code)
  })

  it('promises no more than it looked at: what stands in the files', async () => {
    const { exit, out } = await run(['verify', await good()])
    expect(exit).toBe(0)
    expect(out).toMatch(
      /^Checked 2 pages\. What stands in the files runs .*csp-hashes try .* opens the pages/,
    )
  })

  it.each([
    ['eval', 'export const f = new Function("a", "return a")', "script-src 'unsafe-eval'"],
    [
      'a script that a script adds',
      'const s = document.createElement("script"); s.src = "https://widget.example/v1"; document.head.append(s)',
      'script-src https://widget.example',
    ],
    [
      'a module from a blob',
      'import(URL.createObjectURL(new Blob(["1"], { type: "text/javascript" })))',
      'script-src-elem blob:',
    ],
  ])('does not call a site good whose scripts seem to need what is refused: %s', async (_, code, allowed) => {
    const site = temporarySite({ ...files, 'assets/dep-1a2b3c4d.js': code })
    await run([site])
    const { exit, out } = await run(['verify', site])
    expect(exit).toBe(0)
    expect(out).toContain('But their scripts seem to do 1 thing that the policies refuse')
    expect(out).toContain('assets/dep-1a2b3c4d.js')
    await run(['report', site, '--out', join(site, 'report.txt')])
    expect(read(site, 'report.txt')).toContain('class="verdict bad"')
    const open = temporarySite({ ...files, 'assets/dep-1a2b3c4d.js': code })
    await run([open, '--directive', allowed])
    expect((await run(['verify', open])).out).toContain('once they run was not checked')
  })

  it('says what no import map pins, as the table of the run does', async () => {
    const code = '(self.webpackChunkapp=self.webpackChunkapp||[]).push([[1],{}])'
    const site = temporarySite({ ...files, 'assets/dep-1a2b3c4d.js': code })
    expect((await run([site])).out).toContain('not pinned   chunks that a runtime loads by script elements')
    expect((await run(['verify', site])).out).toContain('[chunks-unpinned]')
  })

  it('reads the rules of _headers, and finds a wrong one', async () => {
    const site = await good()
    writeFileSync(join(site, '_headers'), "/*\n  Content-Security-Policy: script-src 'self'\n")
    const wrong = await codes([site])
    expect(wrong.exit).toBe(1)
    expect(wrong.codes).toContain('inline-script-blocked')
    writeFileSync(join(site, '_headers'), '/*\n  X-Other: 1\n')
    expect(await codes([site])).toEqual({ exit: 0, codes: [] })
  })

  it('says which host reads _headers so that it fails', async () => {
    const site = await good()
    const bad = "Content-Security-Policy: script-src 'none'"
    // The second block replaces the first on one host, and is joined with it by the other.
    writeFileSync(join(site, '_headers'), `/*\n  ${bad}\n/*\n  X-Other: 1\n`)
    const { out } = await run(['verify', site, '--json'])
    const { refusals } = JSON.parse(out) as { refusals: { hosts?: string[] }[] }
    expect(refusals.length).toBeGreaterThan(0)
    for (const { hosts } of refusals) expect(hosts).toEqual(['netlify'])
  })

  it('does not take a directory without a page', async () => {
    expect((await run(['verify', temporarySite({ 'a.txt': '' })])).exit).toBe(2)
  })
})

/** The files of a site as a host serves them; `alter` is the CDN before it. */
async function serve(
  site: string,
  alter: (html: string) => string = (html) => html,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const server: Server = createServer((request, response) => {
    const path = (request.url ?? '/').slice(1).replace(/(^|\/)$/, '$1index.html')
    const bytes = readTree(site)[path]
    if (!bytes) return void response.writeHead(404).end()
    const html = path.endsWith('.html')
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    response.setHeader('content-type', html ? 'text/html; charset=utf-8' : 'text/javascript')
    response.end(html ? alter(bytes.toString()) : bytes)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://localhost:${(server.address() as AddressInfo).port}/`
}

describe('verify, over a URL', () => {
  it('follows links, and finds nothing on a good site', async () => {
    const { exit, out } = await run(['verify', await serve(await good()), '--json'])
    const { pages, refusals } = JSON.parse(out) as { pages: { page: string }[]; refusals: unknown[] }
    expect(refusals).toEqual([])
    expect(pages.map((one) => one.page)).toEqual(['index.html', 'about/index.html'])
    expect(exit).toBe(0)
  })

  it('finds what a CDN put in, and names the one it knows', async () => {
    const beacon =
      '<script defer src="https://static.cloudflareinsights.com/beacon.min.js" data-cf-beacon="{}"></script>'
    const url = await serve(await good(), (html) => html.replace('</body>', `${beacon}</body>`))
    const { exit, out } = await run(['verify', url, '--json'])
    const { injected, refusals } = JSON.parse(out) as {
      injected: { name: string }[]
      refusals: { code: string }[]
    }
    expect(exit).toBe(1)
    expect(injected.map(({ name }) => name)).toEqual(Array(2).fill("Cloudflare's Web Analytics beacon"))
    expect(refusals.map(({ code }) => code)).toContain('external-script-blocked')
  })

  const atEnd =
    (snippet: string) =>
    (html: string): string =>
      html.replace('</body>', `${snippet}</body>`)
  it.each<[string, (html: string) => string]>([
    [
      "Cloudflare's Rocket Loader",
      (html) =>
        atEnd(
          '<script src="/cdn-cgi/scripts/7d0fa10a/cloudflare-static/rocket-loader.min.js" data-cf-settings="3f2b9-|49" defer></script>',
        )(html.replaceAll('<script>', '<script type="3f2b9-text/javascript">')),
    ],
    [
      "Cloudflare's email obfuscation",
      atEnd(
        '<a href="/cdn-cgi/l/email-protection" class="__cf_email__" data-cfemail="543931143926">[email&#160;protected]</a><script data-cfasync="false" src="/cdn-cgi/scripts/5c5dd728/cloudflare-static/email-decode.min.js"></script>',
      ),
    ],
    [
      "Cloudflare's challenge script",
      atEnd(
        `<script>(function(){var a=document.createElement('script');window.__CF$cv$params={r:'8f',t:'MTc='};a.src='/cdn-cgi/challenge-platform/scripts/jsd/main.js';document.head.appendChild(a)})();</script>`,
      ),
    ],
    [
      "Cloudflare's Zaraz",
      (html) =>
        html.replace(
          '</head>',
          `<script data-cfasync="false" nonce="8">try{(function(w,d){zaraz.deferred=[];z.src="/cdn-cgi/zaraz/s.js?z="})(window,document)}catch(e){}</script></head>`,
        ),
    ],
    [
      "Netlify's toolbar",
      atEnd(
        '<script async id="netlify-rum-container" data-netlify-deploy-id="1" data-netlify-site-id="2" src="https://netlify-cdp-loader.netlify.app/netlify.js"></script>',
      ),
    ],
    [
      "Vercel's toolbar",
      atEnd(
        '<script src="https://vercel.live/_next-live/feedback/feedback.js" data-explicit-opt-in="true" data-deployment-id="dpl_1"></script>',
      ),
    ],
  ])('names %s, and says what browsers refuse of it', async (name, alter) => {
    const url = await serve(await good(), alter)
    const { exit, out } = await run(['verify', url])
    expect(exit).toBe(1)
    expect(out).toContain(`${name} changes 2 pages on the way.\n  `)
    expect(out).toMatch(/^error: index\.html:\d+:\d+ .*blocked/m)
    const { injected } = JSON.parse((await run(['verify', url, '--json'])).out) as {
      injected: { name: string }[]
    }
    expect([...new Set(injected.map((one) => one.name))]).toEqual([name])
  })

  it('finds a header that the server lost or changed on the way', async () => {
    const site = temporarySite(files)
    await secureDirectory(site, { output: 'json', preset: 'basic' })
    const { union } = JSON.parse(read(site, 'csp-hashes.json')) as {
      union: { headers: { name: string; value: string }[] }
    }
    const send = Object.fromEntries(union.headers.map(({ name, value }) => [name, value]))
    const policy = send['Content-Security-Policy']!
    expect(await codes([await serve(site, undefined, send)])).toEqual({ exit: 0, codes: [] })
    expect((await codes([await serve(site)])).codes).toContain('policy-missing')
    const twice = { ...send, 'Content-Security-Policy': `${policy}, script-src 'self'` }
    expect((await codes([await serve(site, undefined, twice)])).codes).toContain('inline-script-blocked')
    const cut = { ...send, 'Content-Security-Policy': policy.replace(/'sha384-[^']*'/g, '') }
    expect((await codes([await serve(site, undefined, cut)])).codes).toContain('inline-script-blocked')
  })

  it('finds a page that a minifier changed', async () => {
    const url = await serve(await good(), (html) => html.replace('<script>about()', '<script> about()'))
    expect((await codes([url])).codes).toContain('inline-script-blocked')
  })

  it('finds a chunk that is served with other bytes', async () => {
    const site = await good()
    change(
      site,
      'assets/dep-1a2b3c4d.js',
      (text) => `${text}//${createHash('md5').update(text).digest('hex')}`,
    )
    expect((await codes([await serve(site)])).codes).toContain('integrity-mismatch')
  })

  it('3: no server answers', async () => {
    const { exit, out } = await run(['verify', 'http://127.0.0.1:1/', '--json'])
    expect(exit).toBe(3)
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'unreachable' } })
  })
})
