import { describe, expect, it } from 'vitest'
import { parseAllHeaders } from '@netlify/headers-parser'
import { join } from 'node:path'
import { writeTree } from '../support/files.ts'
import { apacheHost } from './apache.ts'
import { caddyHost } from './caddy.ts'
import { pagesHost, workersHost } from './cloudflare.ts'
import { firebaseHost } from './firebase.ts'
import type { Host } from './host.ts'
import { netlifyHost } from './netlify.ts'
import { nginxHost } from './nginx.ts'
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
  'the removal of a header': '/*\n  X-Mine: 1\n/feed\n  ! X-Mine\n',
  'another path first': '/feed\n  X-Feed: 1\n/*\n  X-Mine: 1\n',
  'pages of their own': '/\n  X-Mine: 1\n/about\n  X-Mine: 1\n/caf%C3%A9\n  X-Mine: 1\n',
}

const rules = (source: string): string =>
  `[{ "source": "${source}", "headers": [{ "key": "X-Mine", "value": "1" }] }]`

const CASES: readonly (readonly [host: Host, files: Readonly<Record<string, string>>])[] = [
  [netlifyHost, HEADERS_FILES],
  [workersHost, HEADERS_FILES],
  [
    pagesHost,
    {
      'the same path twice': HEADERS_FILES['the same path twice']!,
      'a byte order mark, CRLF, tabs, no final line break':
        '\uFEFF# mine\r\n/feed\r\n\tX-Feed:\t1\r\n/*\r\n\tX-Mine:\t1',
    },
  ],
  [
    vercelHost,
    {
      'a rule for all paths': `{ "headers": ${rules('/(.*)')} }`,
      'the same source twice': `{ "headers": ${rules('/(.*)').replace(/\]$/, `, ${rules('/(.*)').slice(1)}`)} }`,
      'CRLF and no final line break': `{\r\n\t"headers": ${rules('/(.*)')}\r\n}`,
      'a named parameter': `{ "headers": ${rules('/:path(.*)')} }`,
    },
  ],
  [
    firebaseHost,
    {
      'a rule for all paths': `{ "hosting": { "public": "dist", "headers": ${rules('**')} } }`,
      'the same source twice': `{ "hosting": { "headers": ${rules('**').replace(/\]$/, `, ${rules('**').slice(1)}`)} } }`,
      CRLF: `{\r\n\t"hosting": {\r\n\t\t"headers": ${rules('**')}\r\n\t}\r\n}\r\n`,
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

describe.each([
  [netlifyHost, '_headers', ''],
  [workersHost, '_headers', ''],
  [workersHost, '_headers', '\uFEFF\r\n'],
  [apacheHost, '.htaccess', ''],
] as const)('$0.name', (host, file, text) => {
  it(`takes a ${file} of ${JSON.stringify(text)}`, async () => {
    const built = buildSite({ output: host.output, pages: PAGES, own: { site: { [file]: text } } })
    const running = await host.start(built)
    try {
      expect(built.delivered.findings).toEqual([])
      for (const { headers } of await running.get('/about')) {
        expect(meaningOf(headers.get('content-security-policy'))).toEqual(unionOf(PAGES))
      }
    } finally {
      await running.stop()
      built.remove()
    }
  })
})

describe.each([
  [nginxHost, 'add_header X-Mine 1 always;'],
  // A location with an add_header of its own inherits none: the log says to include the snippet there again.
  [
    nginxHost,
    'location /about { try_files $uri $uri.html =404; add_header X-Mine 1; include INCLUDED; }\nadd_header X-Mine 1 always;',
  ],
  [caddyHost, 'header X-Mine 1'],
] as const)('$0.name', (host, configuration) => {
  it(`sends the user's own header too, by ${configuration}`, async () => {
    const built = buildSite({ output: host.output, pages: PAGES })
    const snippet = join(built.site, 'csp-hashes.nginx.conf')
    const running = await host.start({
      ...built,
      configuration: configuration.replace('INCLUDED', snippet),
    })
    try {
      for (const path of ['/', '/about']) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other, so that a failure names its request
        const [answer] = await running.get(path)
        expect([path, answer?.status, answer?.headers.get('x-mine')]).toEqual([path, 200, '1'])
        expect(meaningOf(answer?.headers.get('content-security-policy'))).toEqual(unionOf(PAGES))
      }
    } finally {
      await running.stop()
      built.remove()
    }
  })
})

describe('what the conflicts keep away', () => {
  it('Netlify really sends the policy of a netlify.toml in place of the generated one', async () => {
    const toml = '[[headers]]\nfor = "/*"\n[headers.values]\ncontent-security-policy = "sandbox"\n'
    const built = buildSite({
      output: netlifyHost.output,
      pages: PAGES,
      own: { project: { 'netlify.toml': toml } },
    })
    try {
      expect(built.delivered.findings).toMatchObject([
        { code: 'header-conflict', location: { file: 'netlify.toml', line: 4 } },
      ])
      const { headers } = await parseAllHeaders({
        headersFiles: [join(built.site, '_headers')],
        netlifyConfigPath: join(built.project, 'netlify.toml'),
        minimal: true,
      } as never)
      const last = (headers as { values: Record<string, string> }[]).at(-1)
      expect(last?.values).toEqual({ 'content-security-policy': 'sandbox' })
    } finally {
      built.remove()
    }
  })

  it.each([
    ['the same path', '/*\n  content-security-policy: sandbox\n'],
    ['a page', '/about\n  Content-Security-policy: sandbox\n'],
  ])("Cloudflare really adds a policy of the user's in another letter case, for %s", async (_, text) => {
    const own = { site: { _headers: text } }
    const conflict = buildSite({ output: workersHost.output, pages: PAGES, own })
    expect(conflict.delivered.findings).toMatchObject([{ code: 'header-conflict' }])
    writeTree(conflict.site, { _headers: conflict.delivered.files![0]!.content })
    const running = await workersHost.start(conflict)
    try {
      const [answer] = await running.get('/about')
      expect(meaningOf(answer?.headers.get('content-security-policy'))).toContain('sandbox')
    } finally {
      await running.stop()
      conflict.remove()
    }
  })
})
