import { describe, expect, it } from 'vitest'
import { apacheHost } from './apache.ts'
import { pagesHost, workersHost } from './cloudflare.ts'
import { firebaseHost } from './firebase.ts'
import type { Host } from './host.ts'
import { netlifyHost } from './netlify.ts'
import { buildSite, meaningOf, unionOf } from './site.ts'
import { vercelHost } from './vercel.ts'

const PAGES = ['index.html', 'about.html', 'café.html']

/** Files of users, by what is special about them. Each sets `X-Mine` on every path, but where it says otherwise. */
const HEADERS_FILES: Readonly<Record<string, string>> = {
  'the same path': '/*\n  X-Mine: 1\n/feed\n  X-Feed: 1\n',
  'the same path twice': '/*\n  X-Other: 1\n/feed\n  X-Feed: 1\n/*\n  X-Mine: 1\n',
  CRLF: '# mine\r\n/*\r\n  X-Mine: 1\r\n\r\n/feed\r\n  X-Feed: 1\r\n',
  'a byte order mark': '\uFEFF/*\n  X-Mine: 1\n',
  tabs: '/*\n\tX-Mine:\t1\n',
  'no final line break': '/*\n  X-Mine: 1',
  'another path first': '/feed\n  X-Feed: 1\n/*\n  X-Mine: 1\n',
  'pages of their own': '/\n  X-Mine: 1\n/about\n  X-Mine: 1\n/caf%C3%A9\n  X-Mine: 1\n',
}

const rules = (source: string): string =>
  `[{ "source": "${source}", "headers": [{ "key": "X-Mine", "value": "1" }] }]`

const CASES: readonly (readonly [host: Host, files: Readonly<Record<string, string>>])[] = [
  [netlifyHost, HEADERS_FILES],
  [workersHost, HEADERS_FILES],
  [pagesHost, { 'the same path': HEADERS_FILES['the same path']! }],
  [
    vercelHost,
    {
      'a rule for all paths': `{ "headers": ${rules('/(.*)')} }`,
      'a named parameter': `{ "headers": ${rules('/:path(.*)')} }`,
    },
  ],
  [
    firebaseHost,
    {
      'a rule for all paths': `{ "hosting": { "public": "dist", "headers": ${rules('**')} } }`,
      'a list of one site': `{ "hosting": [{ "headers": ${rules('/**')}, "public": "dist" }] }`,
    },
  ],
  [
    apacheHost,
    {
      'a header': 'Header always set X-Mine 1\n',
      'CRLF and no final line break': '# mine\r\nHeader always set X-Mine 1',
    },
  ],
]

describe.each(CASES)('$name', (host, files) => {
  const { root, path } = host.ownFile!

  it.each(Object.entries(files))('keeps the headers of the user, over two builds: %s', async (_, text) => {
    const first = buildSite({ output: host.output, pages: PAGES, own: { [root]: { [path]: text } } })
    const merged = first.delivered.files![0]!.content
    first.remove()
    const second = buildSite({
      output: host.output,
      pages: PAGES,
      build: 1,
      own: { [root]: { [path]: merged } },
    })
    const running = await host.start(second)
    try {
      expect(second.delivered.findings).toEqual([])
      for (const request of ['/', '/about', '/caf%C3%A9']) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other, so that a failure names its request
        for (const { status, headers } of (await running.get(request)).slice(0, 1)) {
          expect([request, status ?? 200, headers.get('x-mine')]).toEqual([request, 200, '1'])
          expect(meaningOf(headers.get('content-security-policy'))).toEqual(unionOf(PAGES, 1))
        }
      }
    } finally {
      await running.stop()
      second.remove()
    }
  })
})
