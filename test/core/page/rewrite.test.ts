import { describe, expect, it } from 'vitest'
import { scanPage } from '../../../src/core/html/scan.ts'
import { rewritePage } from '../../../src/core/page/rewrite.ts'
import type { Policy } from '../../../src/core/site/model.ts'

const POLICY: Policy = {
  role: 'main',
  disposition: 'enforce',
  directives: new Map([
    ['script-src', [{ expression: `'nonce-"&'`, reason: { kind: 'option', option: 'nonce' } as const }]],
  ]),
}
const META =
  '<meta http-equiv="Content-Security-Policy" content="script-src \'nonce-&quot;&amp;\'" data-csp-hashes>'

const rewrite = (html: string, importMap?: string): string =>
  rewritePage(scanPage('index.html', html), [], { policies: [POLICY], importMap })

describe('a page is rewritten', () => {
  it.each([
    [
      'behind a charset that begins the head',
      '<head><meta charset="utf-8"><p>',
      `<head><meta charset="utf-8">${META}<p>`,
    ],
    [
      'at the start of the head otherwise',
      '<head><title>x</title></head>',
      `<head>${META}<title>x</title></head>`,
    ],
    ['at the start of a page without a head', '<p>x', `${META}<p>x`],
    [
      'on a line of its own',
      '<head>\r\n  <title>x</title>\r\n</head>',
      `<head>\r\n  ${META}\r\n  <title>x</title>\r\n</head>`,
    ],
  ])('%s', (_, html, expected) => {
    expect(rewrite(html)).toBe(expected)
  })

  it('with the import map behind the policy that lists its hash', () => {
    const map = '<script type="importmap" data-csp-hashes>{}</script>'
    expect(rewrite('<head></head>', map)).toBe(`<head>${META}${map}</head>`)
  })

  it('as if for the first time, if an earlier run wrote it', () => {
    const html = '<head>\n<meta charset="utf-8">\n<title>é</title>\n</head><BODY  class=x>\r\n'
    const once = rewrite(html)
    expect(once).toContain(META)
    expect(rewrite(once)).toBe(once)
    expect(rewritePage(scanPage('index.html', once), [], { policies: [], importMap: undefined })).toBe(html)
  })

  it('with a copy of a charset that the policy would push out of reach', () => {
    const html = `<head><title>x</title>${' '.repeat(900)}<meta charset="utf-8"></head>`
    expect(rewrite(html)).toMatch(/^<head><meta data-csp-hashes charset="utf-8"><meta http-equiv/)
    expect(rewrite(html.replace(/ {900}/, ''))).toBe(
      `<head>${META}<title>x</title><meta charset="utf-8"></head>`,
    )
  })

  it('by the edits of its plan alone', () => {
    const html = '<script  SRC=a.js></script>'
    const page = scanPage('index.html', html)
    const edit = { kind: 'insert', offset: 7, text: ' integrity="x"' } as const
    expect(rewritePage(page, [edit], { policies: [], importMap: undefined })).toBe(
      '<script integrity="x"  SRC=a.js></script>',
    )
  })
})
