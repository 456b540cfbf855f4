import { describe, expect, it } from 'vitest'
import { cloudflare, netlify } from '../../src/outputs/headers-file/output.ts'
import { amplify } from '../../src/outputs/amplify.ts'
import { meta } from '../../src/outputs/meta.ts'
import type { Delivered, Delivery, Output } from '../../src/outputs/output.ts'
import { recogniseHost } from '../../src/outputs/recognise.ts'
import { type DeliveryOptions, deliveryOf, hashOf, policiesFor, policy } from './policies.ts'

const PAGES: Delivery['pages'] = [
  { path: 'index.html', policies: policiesFor(['one']) },
  { path: 'about.html', policies: policiesFor(['two']) },
]

const deliver = (output: Output, options: DeliveryOptions = {}): Delivered =>
  output.deliver(deliveryOf({ pages: PAGES, outputs: [output.name], layout: 'auto', ...options }))
const codes = ({ findings = [] }: Delivered): string[] => findings.map(({ code }) => code)
const text = ({ files = [] }: Delivered): string => files[0]?.content ?? ''

/** A site of so many pages, each with an inline script of its own. */
const siteOf = (count: number): Delivery['pages'] =>
  Array.from({ length: count }, (_, index) => ({
    path: `page-${index}.html`,
    policies: policiesFor([`script ${index}`]),
  }))

describe('layout auto', () => {
  it('unites what fits, and splits what does not', () => {
    expect(deliver(cloudflare).metas?.size).toBe(0)
    const many = deliver(cloudflare, { pages: siteOf(300) })
    expect(codes(many)).toEqual(['layout-split'])
    expect(many.findings?.[0]?.message).toContain('is too long for one header')
    expect(many.metas?.size).toBe(300)
    expect(text(many)).toContain("Content-Security-Policy: frame-ancestors 'self'\n")
    expect(text(many)).not.toContain('script-src')
    expect(many.metas?.get('page-7.html')?.[0]?.directives.get('script-src')?.[0]?.expression).toBe(
      hashOf('script 7'),
    )
    expect(many.metas?.get('page-7.html')?.[0]?.directives.has('frame-ancestors')).toBe(false)
  })

  it('splits where the host reads its file before the build, and says that', () => {
    const delivered = deliver(amplify)
    expect(codes(delivered)).toEqual(['layout-split'])
    expect(delivered.findings?.[0]?.message).toMatch(/^AWS Amplify reads its header file before the build/)
    expect(codes(deliver(amplify, { layout: 'split' }))).toEqual([])
  })

  it('splits on a host without limits what clients would choke on', () => {
    expect(deliver(netlify, { pages: siteOf(300) }).metas?.size).toBe(300)
    expect(deliver(netlify, { pages: siteOf(300), layout: 'union' }).metas?.size).toBe(0)
  })

  it('cannot split a policy that only reports, and says so', () => {
    const pages = siteOf(300).map((page) => ({
      ...page,
      policies: page.policies.map((one) => ({ ...one, disposition: 'report' as const })),
    }))
    const delivered = deliver(cloudflare, { pages })
    expect(codes(delivered)).toEqual(['header-line-too-long'])
    expect(delivered.findings?.[0]?.hint).not.toContain('split')
  })

  it('refuses a union that does not fit, and tells why', () => {
    const delivered = deliver(cloudflare, { pages: siteOf(300), layout: 'union' })
    expect(codes(delivered)).toEqual(['header-line-too-long'])
    expect(delivered.findings?.[0]?.hint).toContain("layout: 'split'")
  })
})

describe('layout per-page', () => {
  it('counts its rules', () => {
    expect(codes(deliver(cloudflare, { pages: siteOf(5), layout: 'per-page' }))).toEqual([])
    expect(codes(deliver(cloudflare, { pages: siteOf(34), layout: 'per-page' }))).toContain(
      'header-rules-too-many',
    )
  })

  it.each([
    [['index.html', 'about.html', '404.html'], '404.html'],
    [['about.html', 'index.html'], 'index.html'],
  ])('of %j, too large for a union, sends where no page is found the policy of %s', (paths, fallback) => {
    const scripts = (path: string): string[] => Array.from({ length: 8 }, (_, index) => `${path} ${index}`)
    const pages = paths.map((path) => ({ path, policies: policiesFor(scripts(path)) }))
    const delivered = deliver(cloudflare, { pages, layout: 'per-page' })
    expect(codes(delivered)).toEqual([])
    const everywhere = text(delivered).split('\n').slice(1, 3)
    expect(everywhere[0]).toBe('/*')
    for (const path of paths) {
      expect([path, everywhere[1]!.includes(hashOf(`${path} 7`))]).toEqual([path, path === fallback])
    }
  })

  it('gives what two pages could answer the union', () => {
    const pages = ['blog.html', 'blog/index.html'].map((path) => ({ path, policies: policiesFor([path]) }))
    expect(codes(deliver(netlify, { pages, layout: 'per-page' }))).toEqual([])
    expect(text(deliver(netlify, { pages, layout: 'per-page' }))).not.toMatch(/^\/blog\/?$/m)
  })

  it('refuses a rule of the user before the rule for all paths', () => {
    const siteFiles = { _headers: '/about\n  X: 1\n/*\n  X: 1\n' }
    const found = deliver(cloudflare, { layout: 'per-page', siteFiles }).findings
    expect(found).toMatchObject([{ code: 'header-order', location: { line: 1 } }])
    const ordered = { _headers: '/*\n  X: 1\n/about\n  X: 1\n' }
    expect(codes(deliver(cloudflare, { layout: 'per-page', siteFiles: ordered }))).toEqual([])
  })
})

describe('reporting', () => {
  const reporting = { endpoint: 'https://reports.example/csp', sample: true }

  it('names the endpoint in each policy and in a header of its own', () => {
    const lines = text(deliver(netlify, { reporting })).split('\n')
    const [main, fence] = lines.find((line) => line.includes('Content-Security-Policy:'))!.split(', ')
    for (const one of [main, fence]) {
      expect(one).toContain('report-uri https://reports.example/csp')
      expect(one).toContain('report-to csp')
      expect(one).toMatch(/script-src-elem [^;]*'report-sample'/)
    }
    expect(lines).toContain('  Reporting-Endpoints: csp="https://reports.example/csp"')
  })

  it("keeps what the user's directives say about reports", () => {
    const pages = [
      { path: 'index.html', policies: [policy({ 'default-src': "'self'", 'report-to': 'mine' })] },
    ]
    expect(text(deliver(netlify, { reporting, pages }))).toMatch(/report-to mine(?:;|\n)/)
  })

  it('tells what a meta loses', () => {
    const plain = [{ path: 'index.html', policies: [policy({ 'script-src': "'none'" })] }]
    expect(codes(deliver(meta, { reporting, pages: plain }))).toEqual(['meta-directive-ignored'])
    expect(codes(deliver(netlify, { reporting, layout: 'split' }))).toEqual(['reports-lost'])
    expect(codes(deliver(meta, { pages: plain }))).toEqual([])
  })

  it('refuses a meta for a policy that only reports, unless a header goes out beside it', () => {
    const trial = policy({ 'script-src': "'none'" }, { disposition: 'report' })
    const pages = [{ path: 'index.html', policies: [trial] }]
    const alone = deliver(meta, { pages })
    expect(codes(alone)).toEqual(['report-only-in-meta'])
    expect(alone.metas?.get('index.html')).toEqual([])
    expect(codes(deliver(meta, { pages, outputs: ['meta', 'netlify'] }))).toEqual([])
  })
})

describe('Integrity-Policy', () => {
  it('goes out as it is asked for', () => {
    expect(text(deliver(netlify))).not.toContain('Integrity-Policy')
    const reported = deliver(netlify, { integrityPolicy: 'report' })
    expect(text(reported)).toContain('  Integrity-Policy-Report-Only: blocked-destinations=(script)\n')
    expect(codes(reported)).toEqual([])
    const enforced = deliver(netlify, {
      integrityPolicy: 'enforce',
      reporting: { endpoint: '/reports', sample: false },
    })
    expect(text(enforced)).toContain('  Integrity-Policy: blocked-destinations=(script), endpoints=(csp)\n')
    expect(codes(enforced)).toEqual(['integrity-policy-enforced'])
  })
})

const recognise = (files: readonly string[], environment = {}) =>
  recogniseHost((path) => files.includes(path), environment)

describe('recogniseHost', () => {
  it.each([
    [['netlify.toml'], {}, 'netlify'],
    [['wrangler.jsonc'], {}, 'cloudflare'],
    [[], { CF_PAGES: '1' }, 'cloudflare'],
    [['vercel.json', 'package.json'], {}, 'vercel'],
    [['firebase.json'], {}, 'firebase'],
    [['staticwebapp.config.json'], {}, 'azure'],
    [['amplify.yml'], {}, 'amplify'],
    [['public/web.config'], {}, 'iis'],
    [['sws.toml'], {}, 'static-web-server'],
    [['netlify.toml'], { VERCEL: '1' }, 'vercel'],
  ])('%j and %j: %s', (files, environment, output) => {
    expect(recognise(files, environment)?.output).toBe(output)
  })

  it('knows no host where there is no trace', () => {
    expect(recognise(['package.json', 'vite.config.ts'], { CI: '1', VERCEL: undefined })).toBeUndefined()
  })
})
