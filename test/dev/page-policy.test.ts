import { describe, expect, it } from 'vitest'
import { scanPage } from '../../src/core/html/scan.ts'
import { devPolicies, policyHeader } from '../../src/dev/page-policy.ts'
import { type Options, resolveOptions } from '../../src/options.ts'

const PAGE =
  '<!doctype html><html><head><meta charset="utf-8"></head><body onload="go()"><img src="https://a.example/x.png"></body></html>'

function directives(options: Options, origin?: string): Record<string, string>[] {
  const facts = { base: '/', origin, endpoint: '/@csp-hashes/report' }
  const { policies } = devPolicies(scanPage('index.html', PAGE), 'N', resolveOptions(options), facts)
  return policyHeader(policies, facts.endpoint)
    .split(', ')
    .map((policy) =>
      Object.fromEntries(
        policy.split('; ').map((one) => [one.slice(0, one.indexOf(' ')), one.slice(one.indexOf(' ') + 1)]),
      ),
    )
}

describe('the policy of a development server', () => {
  it('is that of the build, with a nonce in place of hashes, and fenced', () => {
    expect(directives({})).toEqual([
      {
        'script-src': "'nonce-N' 'strict-dynamic' https: 'unsafe-inline' 'report-sample'",
        'script-src-elem': "'nonce-N' 'self' 'report-sample'",
        'object-src': "'none'",
        'base-uri': "'none'",
        'report-uri': '/@csp-hashes/report',
      },
      { 'script-src-elem': "'self' 'unsafe-inline' 'report-sample'", 'report-uri': '/@csp-hashes/report' },
    ])
  })

  it('lets Vite talk to its server and style its pages, whatever the user allows', () => {
    const [main] = directives({
      directives: { 'connect-src': ["'none'"], 'style-src': ['https://a.example'] },
    })
    expect(main).toMatchObject({
      'connect-src': "'self' ws: wss:",
      'style-src': "https://a.example 'nonce-N' 'self' 'report-sample'",
    })
  })

  it("leaves the user's 'unsafe-inline' in force", () => {
    const [main] = directives({ directives: { 'style-src': ["'unsafe-inline'"] } })
    expect(main?.['style-src']).toBe("'unsafe-inline' 'self' 'report-sample'")
  })

  it('grants what a build would see in the page and in its bundle', () => {
    const [main] = directives({ preset: 'tight' })
    expect(main?.['img-src']).toContain('https://a.example')
    expect(main?.['img-src']).toContain('data:')
    expect(main?.['worker-src']).toContain("'self'")
    expect(directives({ unsafeHashes: true })[0]?.['script-src-attr']).toMatch(/'sha384-/)
  })

  it('lets in the origins of `external` and of server.origin', () => {
    const [main, fence] = directives({ external: { 'https://cdn.example': true } }, 'http://assets.example')
    expect(main?.['script-src-elem']).toContain('https://cdn.example')
    expect(fence?.['script-src-elem']).toContain('https://cdn.example')
    expect(main?.['script-src-elem']).toContain('http://assets.example')
    expect(fence?.['script-src-elem']).toContain('http://assets.example')
  })
})
