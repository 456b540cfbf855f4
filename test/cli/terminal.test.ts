import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { page, temporarySite } from '../directory/temporary-site.ts'
import { run } from './run-main.ts'

const NASTY = '\u001B]0;owned\u0007\u009B31m\u202E\u200B'
const ESCAPED = String.raw`\u001b]0;owned\u0007\u009b31m\u202e\u200b`
/** What a terminal obeys, or what hides. A line end is ours. */
const obeyed = /(?!\n)[\p{Cc}\p{Cf}]/u

/** The bar is ours. */
const withoutBar = (text: string): string => text.replaceAll(/\r[█░]+ \d+%/g, '').replaceAll('\r\u001B[K', '')

const names = { [`a${NASTY}\nok.html`]: page(`<script src="/gone${NASTY}.js"></script>`) }

describe('what foreign text does to a terminal: nothing', () => {
  it.each([
    ['a run', []],
    ['a dry run', ['--dry-run']],
    ['in full', ['--verbose']],
  ])('names of files, %s', async (_, flags) => {
    for (const files of [names, { [`b${NASTY}.html`]: page('<script>1</script>') }]) {
      const { out, err } = await run([temporarySite(files), ...flags], { terminal: true })
      expect(withoutBar(out + err)).not.toMatch(obeyed)
      expect(out + err).toContain(ESCAPED)
    }
  })

  it('a name does not begin a line of its own', async () => {
    const { err } = await run([temporarySite(names)])
    expect(err).toContain(String.raw`\nok.html:`)
    expect(err).not.toMatch(/^ok\.html/m)
  })

  it('text of pages, in code frames and messages', async () => {
    const html = page(`<title>${NASTY}</title><script src="/gone${NASTY}.js"></script>`)
    for (const argv of [[], ['verify']]) {
      const { out, err } = await run([...argv, temporarySite({ 'index.html': html })], { terminal: true })
      expect(withoutBar(out + err)).not.toMatch(obeyed)
      expect(out + err).toContain(ESCAPED)
    }
  })

  it('JSON stays the same value', async () => {
    const { out } = await run([temporarySite(names), '--json'])
    expect(out).not.toMatch(obeyed)
    const { findings } = JSON.parse(out) as { findings: { location: { file: string } }[] }
    expect(findings.map(({ location }) => location.file)).toContain(Object.keys(names)[0])
  })

  it('a diff is exact where it is piped, and escaped in a terminal', async () => {
    const site = temporarySite({ 'index.html': page(`<title>${NASTY}</title><script>1</script>\r`) })
    expect((await run([site, '--dry-run'])).out).toContain(NASTY)
    const shown = await run([site, '--dry-run'], { terminal: true })
    expect(shown.out).not.toMatch(obeyed)
    expect(shown.out).toContain(ESCAPED)
  })

  it('the arguments themselves', async () => {
    const { err } = await run([`--nonsense${NASTY}`])
    expect(err).not.toMatch(obeyed)
    expect(err).toContain(ESCAPED)
  })

  it('what a server answers', async () => {
    const server = createServer((request, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8')
      response.setHeader(
        'content-security-policy',
        `script-src 'self' ${Buffer.from(NASTY)
          .toString('latin1')
          .replaceAll(/[^ -~]/g, '')}`,
      )
      response.end(
        request.url === '/'
          ? `<!doctype html><title>x</title><a href="/b${encodeURIComponent(NASTY)}.html">b</a><a href="${NASTY}">c</a><script>${NASTY}</script><script src="/${NASTY}.js"></script>`
          : undefined,
      )
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const { out, err } = await run(['verify', `http://127.0.0.1:${port}/`, '--verbose'], { terminal: true })
    expect(withoutBar(out + err)).not.toMatch(obeyed)
    expect(out).toContain(ESCAPED)
  })
})
