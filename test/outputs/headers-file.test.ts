import { describe, expect, it } from 'vitest'
import type { Finding } from '../../src/core/findings/index.ts'
import { cloudflare, netlify } from '../../src/outputs/headers-file/output.ts'
import { withoutRegions } from '../../src/outputs/marked-lines.ts'
import type { Delivered, Output } from '../../src/outputs/output.ts'
import { readBack } from '../../src/read-back.ts'
import { type DeliveryOptions, deliveryOf, policiesFor, policy } from './policies.ts'

const PAGES = [
  { path: 'index.html', policies: policiesFor(['one']) },
  { path: 'about.html', policies: policiesFor(['two']) },
]

/** What an output delivers, read back as its hosts read it. */
function deliver(output: Output, options: DeliveryOptions = {}): Delivered {
  const delivered = output.deliver(deliveryOf({ pages: PAGES, outputs: [output.name], ...options }))
  readBack(delivered)
  return delivered
}

const codes = ({ findings = [] }: Delivered): string[] => findings.map(({ code }) => code)
const only = ({ findings = [] }: Delivered): Finding => {
  expect(findings).toHaveLength(1)
  return findings[0]!
}
const written = ({ files = [] }: Delivered): string => {
  expect(files.map(({ root, path }) => `${root} ${path}`)).toEqual(['site _headers'])
  return files[0]!.content
}

/** Pages whose union takes exactly so many characters in a line of a `_headers`, indent included. */
function pagesOfLength(length: number): typeof PAGES {
  const rest = '  Content-Security-Policy: script-src https://.example/'.length
  const host = 'a'.repeat(length - rest)
  return [{ path: 'index.html', policies: [policy({ 'script-src': `https://${host}.example/` })] }]
}

const rules = (count: number): string =>
  Array.from({ length: count }, (_, index) => `/r${index}\n  X: 1\n`).join('')

describe.each([netlify, cloudflare])('$name', (output) => {
  it('writes one rule for all paths with the union of all pages, both policies in one line', () => {
    const text = written(deliver(output))
    const lines = text.split('\n')
    expect(lines.slice(0, 2)).toEqual(['# csp-hashes:begin', '/*'])
    expect(lines.slice(3)).toEqual(['  X-Content-Type-Options: nosniff', '# csp-hashes:end', ''])
    for (const { policies } of PAGES) {
      const hash = policies[0]!.directives.get('script-src')![0]!.expression
      // In script-src and in script-src-elem.
      expect(lines[2]!.split(hash)).toHaveLength(3)
    }
    expect(lines[2]).toMatch(
      /^ {2}Content-Security-Policy: script-src .*, script-src-elem 'self' 'unsafe-inline'$/,
    )
  })

  it('gives the same bytes for its own result', () => {
    const text = written(deliver(output, { siteFiles: { _headers: '/*\n  X-Mine: 1\n' } }))
    expect(written(deliver(output, { siteFiles: { _headers: text } }))).toBe(text)
  })

  it('writes the one file of both hosts, whichever of them is asked', () => {
    const outputs = ['cloudflare', 'netlify']
    const policies = policiesFor(Array.from({ length: 30 }, (_, index) => `script ${index}`))
    const pages = [{ path: 'index.html', policies }]
    const [mine, first, second] = [output, netlify, cloudflare].map((one) =>
      written(deliver(one, { outputs, pages, layout: 'auto' })),
    )
    expect(first).toBe(second)
    expect(mine).toBe(first)
  })

  it.each([
    ['for all paths', '/*\n  Content-Security-Policy: x\n', 2],
    ['in another letter case', '/feed\n  X: 1\n/*\n  X: 1\n  content-security-POLICY: x\n', 5],
    ['for a page', '/about\n  Content-Security-Policy: x\n', 2],
    ['for a page by its file', '# mine\r\n/about.html\r\n\tContent-Security-Policy: x\r\n', 3],
    ['behind a byte order mark', '\uFEFF/index.html\n  Content-Security-Policy: x', 2],
    ['for any name', '/:name\n  Content-Security-Policy: x\n', 2],
    [
      'in a block that another one of the same path follows',
      '/*\n  Content-Security-Policy: x\n/*\n  X: 1\n',
      2,
    ],
  ])("refuses a policy of the user's own %s, with file and line", (_, text, line) => {
    const found = only(deliver(output, { siteFiles: { _headers: text } }))
    expect(found).toMatchObject({
      code: 'header-conflict',
      severity: 'error',
      location: { file: '_headers', line },
    })
    expect(found.location?.frame).toContain(`> ${line} | `)
  })

  it('names the line of the file as it stands, with a generated region in it', () => {
    const text = `${written(deliver(output))}/about\n  Content-Security-Policy: x\n`
    expect(only(deliver(output, { siteFiles: { _headers: text } })).location?.line).toBe(7)
  })

  it.each([
    ['a path that is no page', '/uploads/*\n  Content-Security-Policy: sandbox\n'],
    ['another header', '/*\n  Content-Security-Policy-Report-Only: x\n'],
  ])("leaves the user's policy for %s alone", (_, text) => {
    const delivered = deliver(output, { siteFiles: { _headers: text } })
    expect(codes(delivered)).toEqual([])
    expect(withoutRegions(written(delivered))).toBe(text)
  })

  it('sends a policy that only reports under its own name, beside one that is enforced', () => {
    const trial = policy({ 'default-src': "'none'" }, { disposition: 'report' })
    const pages = PAGES.map((page) => ({ ...page, policies: [...page.policies, trial] }))
    const text = written(deliver(output, { pages }))
    expect(text).toMatch(/^ {2}Content-Security-Policy: script-src /m)
    expect(text).toMatch(/^ {2}Content-Security-Policy-Report-Only: default-src 'none'$/m)
  })

  it('names the marker without a counterpart, and headers without a path', () => {
    expect(only(deliver(output, { siteFiles: { _headers: '/*\n  # csp-hashes:begin\n' } }))).toMatchObject({
      code: 'marker-unbalanced',
      location: { line: 2 },
    })
    expect(only(deliver(output, { siteFiles: { _headers: 'X-Lost: 1\n/feed\n  X: 1\n' } }))).toMatchObject({
      code: 'header-without-path',
      severity: 'warn',
    })
  })
})

describe('limits of Cloudflare', () => {
  it('takes a line of 2,000 characters, not of 2,001', () => {
    expect(codes(deliver(cloudflare, { pages: pagesOfLength(2000) }))).toEqual([])
    expect(codes(deliver(cloudflare, { pages: pagesOfLength(2001) }))).toEqual(['header-line-too-long'])
    expect(codes(deliver(netlify, { pages: pagesOfLength(2001) }))).toEqual([])
    expect(
      codes(deliver(netlify, { pages: pagesOfLength(2001), outputs: ['netlify', 'cloudflare'] })),
    ).toEqual(['header-line-too-long'])
  })

  it('gives each policy its own line where both do not fit into one', () => {
    const pages = pagesOfLength(1990)
    const fence = policy({ 'script-src-elem': "'self' 'unsafe-inline'" }, { role: 'fence' })
    const text = written(
      deliver(cloudflare, { pages: pages.map((page) => ({ ...page, policies: [...page.policies, fence] })) }),
    )
    expect(text.match(/^ {2}Content-Security-Policy: /gm)).toHaveLength(2)
  })

  it('tells the numbers, and the ways out that would fit', () => {
    const scripts = Array.from({ length: 13 }, (_, index) => `script ${index}`)
    const pages = [{ path: 'index.html', policies: policiesFor(scripts) }]
    const found = only(deliver(cloudflare, { pages }))
    // 13 hashes of 53 instead of 73 characters, each twice.
    const length = Number(/takes (\d+) characters/.exec(found.message)?.[1])
    const shorter = (length - 26 * 20).toLocaleString('en-US')
    expect(found.message).toContain('2000')
    expect(found.hint).toContain(`algorithm: 'sha256' (${shorter} characters)`)
    expect(found.hint).toContain("layout: 'split'")
    expect(
      codes(
        deliver(cloudflare, {
          pages: [{ path: 'index.html', policies: policiesFor(scripts, 'sha256') }],
          algorithm: 'sha256',
        }),
      ),
    ).toEqual([])
  })

  it('does not name an algorithm that would not fit either', () => {
    const pages = [
      {
        path: 'index.html',
        policies: policiesFor(Array.from({ length: 40 }, (_, index) => `script ${index}`)),
      },
    ]
    expect(only(deliver(cloudflare, { pages })).hint).not.toContain('algorithm')
  })

  it('counts rules: 100, not 101', () => {
    expect(codes(deliver(cloudflare, { siteFiles: { _headers: rules(99) } }))).toEqual([])
    expect(codes(deliver(cloudflare, { siteFiles: { _headers: rules(100) } }))).toEqual([
      'header-rules-too-many',
    ])
    expect(codes(deliver(cloudflare, { siteFiles: { _headers: `/*\n  X: 1\n${rules(99)}` } }))).toEqual([])
    expect(codes(deliver(netlify, { siteFiles: { _headers: rules(100) } }))).toEqual([])
  })

  it('refuses a line of the user that removes the policy', () => {
    const siteFiles = { _headers: '/about\n  ! Content-Security-Policy\n' }
    expect(only(deliver(cloudflare, { siteFiles }))).toMatchObject({
      code: 'header-conflict',
      location: { line: 2 },
    })
  })

  it('refuses a policy of the user for a whole origin', () => {
    const siteFiles = { _headers: 'https://:name.pages.dev/*\n  Content-Security-Policy: x\n' }
    expect(only(deliver(cloudflare, { siteFiles }))).toMatchObject({
      code: 'header-conflict',
      location: { line: 2 },
    })
  })
})
