import { describe, expect, it } from 'vitest'
import { apache } from '../../src/outputs/apache.ts'
import { withoutRegions } from '../../src/outputs/marked-lines.ts'
import { deliveryOf, policiesFor } from './policies.ts'

const deliver = (text: string, build = 0) =>
  apache.deliver(
    deliveryOf({
      outputs: ['apache'],
      pages: [{ path: 'blog/about.html', policies: policiesFor([`one ${build}`]) }],
      siteFiles: { '.htaccess': text },
    }),
  )

describe('.htaccess', () => {
  it.each(['', 'Header set X-Mine 1\n', '\uFEFF# mine\r\nOptions -Indexes', '\n'])(
    'keeps what the user wrote, over rebuilds: %j',
    (text) => {
      const [first] = deliver(text).files!
      const [second] = deliver(first!.content, 1).files!
      expect(withoutRegions(first!.content)).toBe(text)
      expect(second!.content).toBe(deliver(text, 1).files![0]!.content)
      expect(first!.content).toMatch(
        /^\uFEFF?# csp-hashes:begin\r?\nHeader always set Content-Security-Policy "/,
      )
    },
  )

  it.each([
    ['Header set Content-Security-Policy "x"', 1],
    ['# mine\r\n\tHeader always append content-security-policy x\r\n', 2],
    ['<FilesMatch "\\.html$">\nHeader unset Content-Security-Policy\n</FilesMatch>\n', 2],
    ['<Files about.html>\nHeader set "Content-Security-Policy" x\n</Files>\n', 2],
    ['<Files *.svg>\nHeader set X-Mine 1\n</Files>\nHeader set Content-Security-Policy x\n', 4],
  ])('names a policy of the user: %j', (text, line) => {
    expect(deliver(text).findings).toMatchObject([
      { code: 'header-conflict', severity: 'error', location: { file: '.htaccess', line } },
    ])
  })

  it.each([
    '# Header set Content-Security-Policy x\n',
    '<FilesMatch "\\.(svg|pdf)$">\nHeader set Content-Security-Policy sandbox\n</FilesMatch>\n',
    'Header set Content-Security-Policy-Report-Only x\n',
  ])('leaves alone what no page gets: %j', (text) => {
    expect(deliver(text).findings).toEqual([])
  })

  it('names a marker without a counterpart', () => {
    expect(deliver('# csp-hashes:end\n').findings).toMatchObject([{ code: 'marker-unbalanced' }])
  })
})
