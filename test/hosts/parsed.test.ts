import { parse } from 'acorn'
import { describe, expect, it } from 'vitest'
import { HOST_FILES } from '../../src/verify/hosts/index.ts'
import { deliveryOf, policiesFor, policy } from '../outputs/policies.ts'
import { amplifyHost, cloudfrontHost, iisHost, staticWebServerHost } from './parsed.ts'
import { buildSite, meaningOf, readAs, unionOf } from './site.ts'

const PAGES = ['index.html', 'about.html', 'café.html']

/** What users may have in their files. Each sends `X-Mine` with every path. */
const CASES = [
  [
    amplifyHost,
    {
      'a list that is indented':
        "# mine\ncustomHeaders:\n  - pattern: '**'\n    headers:\n      - key: X-Mine\n        value: '1'\n",
      'a list that is not, CRLF, no final line break':
        'customHeaders: # all\r\n\r\n# here\r\n- pattern: "**"\r\n  headers:\r\n  - key: \'X-Mine\'\r\n    value: "1"',
    },
  ],
  [
    staticWebServerHost,
    {
      'another table last':
        '[general]\nport = 80\n\n[[advanced.headers]]\nsource = "**"\nheaders = { X-Mine = "1" }\n[[advanced.redirects]]\nsource = "/old"\ndestination = "/about"\nkind = 301\n',
      'CRLF, a byte order mark, no final line break':
        '[advanced]\r\n[[advanced.headers]]\r\nsource = "**"\r\n[advanced.headers.headers]\r\n"X-Mine" = \'1\'',
    },
  ],
  [
    iisHost,
    {
      'headers of their own':
        '<?xml version="1.0"?>\n<!-- mine -->\n<configuration>\n\t<system.webServer>\n\t\t<httpProtocol>\n\t\t\t<customHeaders>\n\t\t\t\t<clear/>\n\t\t\t\t<add name="X-Mine" value="1" />\n\t\t\t</customHeaders>\n\t\t</httpProtocol>\n\t</system.webServer>\n</configuration>\n',
      'one line':
        '<configuration><system.webServer><httpProtocol><customHeaders><add name="X-Mine" value="1"/></customHeaders></httpProtocol></system.webServer></configuration>',
      'CRLF and a byte order mark':
        '\uFEFF<configuration>\r\n  <system.webServer>\r\n    <httpProtocol>\r\n      <customHeaders>\r\n        <add name="X-Mine" value="1" />\r\n      </customHeaders>\r\n    </httpProtocol>\r\n  </system.webServer>\r\n</configuration>',
    },
  ],
  [
    cloudfrontHost,
    {
      'settings of their own':
        '{"Name": "mine", "CustomHeadersConfig": {"Quantity": 1, "Items": [{"Header": "X-Mine", "Value": "1", "Override": false}]}}',
    },
  ],
] as const

describe.each(CASES)('$name', (host, files) => {
  const { root, path } = host.ownFile!
  it.each(Object.entries(files))('keeps what the user wrote, over two builds: %s', async (_, text) => {
    const first = buildSite({ output: host.output, pages: PAGES, own: { [root]: { [path]: text } } })
    const merged = first.delivered.files![0]!.content
    first.remove()
    const own = { [root]: { [path]: merged } }
    const second = buildSite({ output: host.output, pages: PAGES, build: 1, own })
    const running = await host.start(second)
    try {
      expect(second.delivered.findings).toEqual([])
      for (const request of ['/', '/about']) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other, so that a failure names its request
        const [answer] = await running.get(request)
        const read = readAs(host, second, { path: request, file: 'about.html' })
        expect(answer?.headers.get('x-mine')).toBe('1')
        for (const headers of [answer!.headers, read]) {
          expect(meaningOf(headers.get('content-security-policy'))).toEqual(unionOf(PAGES, 1))
          expect(headers.get('x-content-type-options')).toBe('nosniff')
        }
      }
      const again = buildSite({
        output: host.output,
        pages: PAGES,
        build: 1,
        own: { [root]: { [path]: second.delivered.files![0]!.content } },
      })
      again.remove()
      expect(again.delivered.files).toEqual([])
    } finally {
      await running.stop()
      second.remove()
    }
  })
})

describe('the function of CloudFront', () => {
  const deliver = (count: number) =>
    cloudfrontHost.output.deliver(
      deliveryOf({
        layout: 'per-page',
        outputs: ['cloudfront'],
        pages: Array.from({ length: count }, (_, index) => ({
          path: `posts/${index}.html`,
          policies: policiesFor([`script ${index}`]),
        })),
      }),
    )
  const codeOf = (count: number): string =>
    deliver(count).files!.find(({ path }) => path.endsWith('.js'))!.content

  it('is ECMAScript 5, which its runtime reads', () => {
    expect(() => parse(codeOf(3), { ecmaVersion: 5 })).not.toThrow()
    expect(() => parse('const a = 1', { ecmaVersion: 5 })).toThrow(SyntaxError)
  })

  it('takes 10 KB', () => {
    expect(deliver(20).findings).toEqual([])
    expect(Buffer.byteLength(codeOf(20))).toBeLessThan(10 * 1024)
    expect(deliver(80).findings?.map(({ code }) => code)).toEqual(['host-file-too-large'])
  })

  it('goes silent when pages no longer differ', () => {
    const text = codeOf(2)
    const { files } = cloudfrontHost.output.deliver(
      deliveryOf({
        pages: [{ path: 'index.html', policies: policiesFor(['one']) }],
        projectFiles: { 'csp-hashes.cloudfront.js': text },
      }),
    )
    expect(files?.find(({ path }) => path.endsWith('.js'))?.content).toContain('var paths = {};')
  })
})

it('CloudFront takes a value of 1,783 characters, not of 1,784', () => {
  const codes = (length: number) => {
    const host = 'a'.repeat(length - 'script-src https://.example/'.length)
    const pages = [{ path: 'index.html', policies: [policy({ 'script-src': `https://${host}.example/` })] }]
    const { findings = [] } = cloudfrontHost.output.deliver(deliveryOf({ pages }))
    return findings.map(({ code }) => code)
  }
  expect(codes(1783)).toEqual([])
  expect(codes(1784)).toEqual(['header-line-too-long'])
})

describe.each([amplifyHost, iisHost])('$name', ({ output }) => {
  it('refuses policies of single pages, and names the layout that works', () => {
    const pages = [{ path: 'index.html', policies: policiesFor(['one']) }]
    const { findings } = output.deliver(deliveryOf({ pages, layout: 'per-page' }))
    expect(findings).toMatchObject([{ code: 'host-file-unusable', severity: 'error' }])
    expect(findings?.[0]?.hint).toContain("layout: 'split'")
    expect(output.deliver(deliveryOf({ pages, layout: 'split' })).findings).toEqual([])
  })
})

/** Files that cannot take the policy, or that have one of their own for pages, with the line that is named. */
describe.each([
  ['amplify', 'applications:\n  - appRoot: a\n', 'host-file-unusable', 1],
  ['amplify', '# a\ncustomHeaders: []\n', 'host-file-unusable', 2],
  [
    'amplify',
    "customHeaders:\n- pattern: '*.html'\n  headers:\n  - key: content-security-policy\n    value: x\n",
    'header-conflict',
    4,
  ],
  ['static-web-server', '[advanced]\nheaders = [{ source = "**" }]\n', 'host-file-unusable', 2],
  [
    'static-web-server',
    '[[advanced.headers]]\nsource = "/about"\n[advanced.headers.headers]\nContent-Security-Policy = "x"\n',
    'header-conflict',
    4,
  ],
  ['iis', '<configuration>\n<a></configuration>', 'host-file-unusable', 1],
  ['iis', '<other />', 'host-file-unusable', 1],
  [
    'iis',
    '<configuration><location path="about.html"><system.webServer><httpProtocol><customHeaders>\n<add name="Content-Security-Policy" value="x"/></customHeaders></httpProtocol></system.webServer></location></configuration>',
    'header-conflict',
    2,
  ],
  ['iis', '<configuration>\n<!-- csp-hashes:begin -->\n</configuration>', 'marker-unbalanced', 2],
  ['cloudfront', '{ "Name": }', 'host-file-unusable', 1],
] as const)('%s, %j', (name, text, code, line) => {
  const host = [amplifyHost, staticWebServerHost, iisHost, cloudfrontHost].find(
    ({ output }) => output.name === name,
  )!
  it(`is told: ${code}`, () => {
    const own = { [host.ownFile!.path]: text }
    const pages = [{ path: 'about.html', policies: policiesFor(['one']) }]
    const { findings } = host.output.deliver(deliveryOf({ pages, siteFiles: own, projectFiles: own }))
    expect(findings).toMatchObject([
      { code, severity: 'error', location: { file: host.ownFile!.path, line } },
    ])
  })
})

it.each([
  [
    'iis',
    '<configuration><location path="uploads"><system.webServer><httpProtocol><customHeaders><add name="Content-Security-Policy" value="sandbox"/></customHeaders></httpProtocol></system.webServer></location></configuration>',
  ],
  [
    'static-web-server',
    '[[advanced.headers]]\nsource = "/uploads/**"\n[advanced.headers.headers]\nContent-Security-Policy = "sandbox"\n',
  ],
  [
    'amplify',
    "customHeaders:\n- pattern: '/uploads/*'\n  headers:\n  - key: Content-Security-Policy\n    value: sandbox\n",
  ],
])("%s: a policy of the user's own for no page stays: %j", (name, text) => {
  const host = [amplifyHost, staticWebServerHost, iisHost].find(({ output }) => output.name === name)!
  const own = { [host.ownFile!.path]: text }
  const pages = [{ path: 'about.html', policies: policiesFor(['one']) }]
  const { findings, files } = host.output.deliver(deliveryOf({ pages, siteFiles: own, projectFiles: own }))
  expect(findings).toEqual([])
  expect(files![0]!.content).toContain('sandbox')
})

describe('what a reader cannot judge', () => {
  const read = (name: string, text: string) =>
    HOST_FILES.find(({ host }) => host === name)!.read(
      (file) => (file.endsWith('.js') ? undefined : text),
      '/',
    )
  it.each([
    [
      'amplify',
      "customHeaders:\n- pattern: '**'\n  headers:\n  - key: Content-Security-Policy\n    value: >-\n      script-src 'self'\n",
      false,
    ],
    [
      'amplify',
      "customHeaders:\n- pattern: '**'\n  headers:\n  - key: Content-Security-Policy\n    value: a\n- pattern: '*.html'\n  headers:\n  - key: Content-Security-Policy\n    value: b\n",
      false,
    ],
    [
      'static-web-server',
      '[[advanced.headers]]\nsource = "**"\n[advanced.headers.headers]\nContent-Security-Policy = """\nx"""\n',
      false,
    ],
    [
      'iis',
      '<configuration><system.webServer><httpProtocol><customHeaders><add name="Content-Security-Policy" value="a"/><add name="content-security-policy" value="a"/></customHeaders></httpProtocol></system.webServer></configuration>',
      true,
    ],
    ['iis', '<configuration>', true],
    [
      'cloudfront',
      `{ "SecurityHeadersConfig": { "ContentSecurityPolicy": { "ContentSecurityPolicy": "${'a'.repeat(1784)}" } } }`,
      true,
    ],
    ['cloudfront', '[]', true],
  ])('is told by %s: %j', (name, text, fatal) => {
    expect(read(name, text).problems).toMatchObject([{ fatal }])
  })
})
