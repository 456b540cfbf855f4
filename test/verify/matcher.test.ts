import { describe, expect, it } from 'vitest'
import { parsePolicy, parsePolicyHeader } from '../../src/verify/source-list.ts'
import { parseIntegrity } from '../../src/verify/integrity.ts'
import {
  blocksInline,
  blocksRequest,
  type Governing,
  type InlineKind,
} from '../../src/verify/policy-rules.ts'
import { quoted, sri } from './sites.ts'

const https = 'https://site.example'

interface RequestCase {
  readonly policy: string
  readonly url: string
  readonly allowed: boolean
  readonly self?: string
  readonly wildcardHostNeedsScheme?: boolean
  readonly directive?: Governing
  readonly integrity?: string
  readonly nonce?: string
  readonly parserInserted?: boolean
}

const a = sri('a')
const b256 = sri('b', 'sha256')

const requests: readonly RequestCase[] = [
  { policy: '', url: 'https://evil.example/x.js', allowed: true },
  { policy: "script-src 'none'", url: `${https}/x.js`, allowed: false },
  { policy: "script-src 'self' 'none'", url: `${https}/x.js`, allowed: true },
  { policy: "SCRIPT-SRC 'SELF'", url: `${https}/x.js`, allowed: true },
  { policy: "script-src 'none'; script-src 'self'", url: `${https}/x.js`, allowed: false },
  { policy: "script-src 'self'", url: 'https://other.example/x.js', allowed: false },
  { policy: "script-src 'self'", url: `${https}:8443/x.js`, allowed: false },
  {
    policy: "script-src 'self'",
    url: 'https://site.example/x.js',
    self: 'http://site.example',
    allowed: true,
  },
  { policy: "script-src 'self'", url: 'http://site.example/x.js', allowed: false },
  { policy: "script-src 'self'", url: 'data:text/javascript,1', allowed: false },
  { policy: 'script-src data:', url: 'data:text/javascript,1', allowed: true },
  { policy: 'script-src *', url: 'data:text/javascript,1', allowed: false },
  { policy: 'script-src *', url: 'http://any.example:8080/x.js', allowed: true },
  { policy: 'script-src http:', url: 'https://any.example/x.js', allowed: true },
  { policy: 'script-src https:', url: 'http://any.example/x.js', allowed: false },
  { policy: 'script-src http://cdn.example', url: 'https://cdn.example/x.js', allowed: true },
  { policy: 'script-src http://cdn.example:80', url: 'https://cdn.example/x.js', allowed: true },
  { policy: 'script-src https://cdn.example', url: 'http://cdn.example/x.js', allowed: false },
  { policy: 'script-src cdn.example', url: 'http://cdn.example/x.js', allowed: false },
  {
    policy: 'script-src cdn.example',
    url: 'https://cdn.example/x.js',
    self: 'http://site.example',
    allowed: true,
  },
  { policy: 'script-src CDN.example', url: 'https://cdn.EXAMPLE/x.js', allowed: true },
  { policy: 'script-src *.example.com', url: 'https://www.example.com/', allowed: true },
  { policy: 'script-src *.example.com', url: 'https://a.b.example.com/', allowed: true },
  { policy: 'script-src *.example.com', url: 'https://example.com/', allowed: false },
  { policy: 'script-src *.example.com', url: 'https://evilexample.com/', allowed: false },
  { policy: 'script-src cdn.example:8443', url: 'https://cdn.example:8443/x.js', allowed: true },
  { policy: 'script-src cdn.example:443', url: 'https://cdn.example/x.js', allowed: true },
  { policy: 'script-src cdn.example', url: 'https://cdn.example:8443/x.js', allowed: false },
  { policy: 'script-src cdn.example:*', url: 'https://cdn.example:8443/x.js', allowed: true },
  { policy: 'script-src cdn.example/js/', url: 'https://cdn.example/js/a/b.js', allowed: true },
  { policy: 'script-src cdn.example/js/', url: 'https://cdn.example/jsx/a.js', allowed: false },
  { policy: 'script-src cdn.example/js/', url: 'https://cdn.example/js', allowed: false },
  { policy: 'script-src cdn.example/js', url: 'https://cdn.example/js/a.js', allowed: false },
  { policy: 'script-src cdn.example/js/a.js', url: 'https://cdn.example/js/a.js?v=1', allowed: true },
  { policy: 'script-src cdn.example/JS/', url: 'https://cdn.example/js/a.js', allowed: false },
  { policy: 'script-src cdn.example/', url: 'https://cdn.example/any/a.js', allowed: true },
  { policy: 'script-src cdn.example/caf%C3%A9/', url: 'https://cdn.example/café/a.js', allowed: true },
  { policy: 'script-src cdn.example/a%3Bb/', url: 'https://cdn.example/a;b/x.js', allowed: true },
  // As Chromium has it, where it differs from the specification.
  { policy: 'script-src my_bucket.s3.example', url: 'https://my_bucket.s3.example/x.js', allowed: false },
  { policy: 'script-src http://[::1]:8080', url: 'http://[::1]:8080/x.js', allowed: false },
  { policy: 'script-src cdn.example:80', url: 'https://cdn.example/x.js', allowed: false },
  { policy: 'script-src http://cdn.example:8080', url: 'https://cdn.example:8080/x.js', allowed: false },
  { policy: 'script-src http://cdn.example:443', url: 'https://cdn.example/x.js', allowed: true },
  { policy: 'script-src cdn.example:0443', url: 'https://cdn.example/x.js', allowed: true },
  { policy: 'script-src ws:', url: 'http://cdn.example/x.js', allowed: false },
  { policy: 'script-src ws:', url: 'wss://cdn.example/x', allowed: true },
  { policy: "script-src 'self'", url: 'blob:https://site.example/1', allowed: false },
  { policy: 'script-src cdn.example/a%2Fb/', url: 'https://cdn.example/a/b/x.js', allowed: true },
  { policy: 'script-src cdn.example/a/b/', url: 'https://cdn.example/a%2fb/x.js', allowed: true },
  { policy: 'script-src cdn.example/%ff/', url: 'https://cdn.example/%FF/x.js', allowed: true },
  { policy: 'script-src cdn.example/%fe/', url: 'https://cdn.example/%FF/x.js', allowed: false },
  { policy: 'script-src cdn.example/x.js?q', url: 'https://cdn.example/x.js', allowed: true },
  { policy: 'script-src cdn.example.', url: 'https://cdn.example./x.js', allowed: true },
  // The directory source of `strict`, on https hosts and on a local server.
  {
    policy: 'script-src-elem https://*:*/assets/ *:*/assets/ localhost:*/assets/',
    url: `${https}/assets/x.js`,
    allowed: true,
  },
  {
    policy: 'script-src-elem https://*:*/assets/ *:*/assets/ localhost:*/assets/',
    url: `${https}/uploads/x.js`,
    allowed: false,
  },
  {
    policy: 'script-src-elem https://*:*/assets/ *:*/assets/ localhost:*/assets/',
    url: 'http://localhost:4173/assets/x.js',
    self: 'http://localhost:4173',
    allowed: true,
  },
  {
    policy: 'script-src-elem https://*:*/assets/ *:*/assets/ localhost:*/assets/',
    url: 'http://intranet:8080/assets/x.js',
    self: 'http://intranet:8080',
    allowed: true,
  },
  {
    policy: 'script-src-elem https://*:*/assets/ *:*/assets/ localhost:*/assets/',
    url: 'http://intranet:8080/assets/x.js',
    self: 'http://intranet:8080',
    wildcardHostNeedsScheme: true,
    allowed: false,
  },
  {
    policy: 'script-src-elem https://*:*/assets/ *:*/assets/ localhost:*/assets/',
    url: 'http://intranet:8080/uploads/x.js',
    self: 'http://intranet:8080',
    allowed: false,
  },
  { policy: 'script-src *', url: `${https}/x.js`, wildcardHostNeedsScheme: true, allowed: true },
  {
    policy: 'script-src localhost:',
    url: 'http://localhost:1/x.js',
    self: 'http://localhost:1',
    allowed: false,
  },
  // Fallbacks
  { policy: "default-src 'none'", url: `${https}/x.js`, allowed: false },
  { policy: "default-src 'none'; script-src 'self'", url: `${https}/x.js`, allowed: true },
  { policy: "script-src 'none'; script-src-elem 'self'", url: `${https}/x.js`, allowed: true },
  { policy: "script-src 'self'; script-src-elem 'none'", url: `${https}/x.js`, allowed: false },
  { policy: "script-src-attr 'none'", url: `${https}/x.js`, allowed: true },
  {
    policy: "default-src 'none'; worker-src 'self'",
    url: `${https}/w.js`,
    directive: 'worker-src',
    allowed: true,
  },
  {
    policy: "child-src 'none'; script-src 'self'",
    url: `${https}/w.js`,
    directive: 'worker-src',
    allowed: false,
  },
  { policy: "script-src-elem 'none'", url: `${https}/w.js`, directive: 'worker-src', allowed: true },
  { policy: "default-src 'none'", url: `${https}/w.js`, directive: 'worker-src', allowed: false },
  {
    policy: "script-src 'nonce-x' 'strict-dynamic'",
    url: 'blob:https://site.example/1',
    directive: 'worker-src',
    parserInserted: false,
    allowed: true,
  },
  {
    policy: "worker-src 'strict-dynamic'",
    url: `${https}/w.js`,
    directive: 'worker-src',
    parserInserted: false,
    allowed: false,
  },
  { policy: "frame-src 'self'; child-src 'none'", url: `${https}/f`, directive: 'frame-src', allowed: true },
  { policy: "child-src 'none'", url: `${https}/f`, directive: 'frame-src', allowed: false },
  { policy: "style-src 'self'", url: `${https}/x.css`, directive: 'style-src-elem', allowed: true },
  { policy: "default-src 'self'", url: 'data:image/png,x', directive: 'img-src', allowed: false },
  { policy: "default-src 'none'", url: 'https://evil.example/', directive: 'base-uri', allowed: true },
  { policy: "default-src 'none'", url: 'https://evil.example/', directive: 'form-action', allowed: true },
  // Hashes and nonces
  { policy: `script-src '${a}'`, url: 'https://cdn.example/a.js', integrity: a, allowed: true },
  { policy: `script-src '${a}'`, url: 'https://cdn.example/a.js', allowed: false },
  { policy: `script-src '${a}'`, url: 'https://cdn.example/a.js', integrity: `${a} ${b256}`, allowed: false },
  {
    policy: `script-src '${a}' '${b256}'`,
    url: 'https://cdn.example/a.js',
    integrity: `${a} ${b256}`,
    allowed: true,
  },
  {
    policy: `script-src ${quoted('a', 'sha256')}`,
    url: 'https://cdn.example/a.js',
    integrity: a,
    allowed: false,
  },
  {
    policy: `script-src '${a.slice(0, 7)}${a.slice(7).replaceAll('+', '-').replaceAll('/', '_')}'`,
    url: 'https://cdn.example/a.js',
    integrity: a,
    allowed: true,
  },
  {
    policy: `style-src '${a}'`,
    url: `${https}/a.css`,
    directive: 'style-src-elem',
    integrity: a,
    allowed: false,
  },
  { policy: "script-src 'nonce-abc'", url: 'https://cdn.example/a.js', nonce: 'abc', allowed: true },
  { policy: "script-src 'nonce-abc'", url: 'https://cdn.example/a.js', nonce: 'ABC', allowed: false },
  { policy: "script-src 'nonce-abc'", url: 'https://cdn.example/a.js', nonce: '', allowed: false },
  // 'strict-dynamic'
  { policy: "script-src 'self' https: 'strict-dynamic'", url: `${https}/x.js`, allowed: false },
  {
    policy: "script-src 'strict-dynamic'",
    url: 'https://any.example/x.js',
    parserInserted: false,
    allowed: true,
  },
  {
    policy: `script-src '${a}' 'strict-dynamic'`,
    url: 'https://any.example/x.js',
    integrity: a,
    allowed: true,
  },
  { policy: "default-src 'strict-dynamic' 'nonce-x'", url: `${https}/x.js`, allowed: false },
  {
    policy: "style-src 'self' 'strict-dynamic'",
    url: `${https}/x.css`,
    directive: 'style-src-elem',
    allowed: true,
  },
]

describe('requests', () => {
  it.each(requests)('$policy · $url · $allowed', (request) => {
    const block = blocksRequest(
      parsePolicy(request.policy),
      {
        directive: request.directive ?? 'script-src-elem',
        url: new URL(request.url),
        nonce: request.nonce,
        integrity: parseIntegrity(request.integrity),
        parserInserted: request.parserInserted ?? true,
        wildcardHostNeedsScheme: request.wildcardHostNeedsScheme,
      },
      new URL(request.self ?? https),
    )
    expect(block === undefined).toBe(request.allowed)
  })
})

interface InlineCase {
  readonly policy: string
  readonly allowed: boolean
  readonly kind?: InlineKind
  readonly text?: string
  readonly nonce?: string
  readonly cloned?: boolean
}

const hash = quoted('go()')

const inlines: readonly InlineCase[] = [
  { policy: '', allowed: true },
  { policy: "script-src 'self'", allowed: false },
  { policy: "script-src 'unsafe-inline'", allowed: true },
  { policy: `script-src ${hash}`, allowed: true },
  { policy: `script-src ${hash}`, text: 'go() ', allowed: false },
  { policy: `script-src ${quoted('go()', 'sha256')}`, allowed: true },
  { policy: `script-src ${quoted('go()', 'sha512')}`, allowed: true },
  { policy: "script-src 'unsafe-inline' 'nonce-x'", allowed: false },
  { policy: "script-src 'unsafe-inline' 'nonce-x'", nonce: 'x', allowed: true },
  { policy: `script-src 'unsafe-inline' ${quoted('other')}`, allowed: false },
  { policy: "script-src 'unsafe-inline' 'strict-dynamic'", allowed: false },
  { policy: "script-src 'strict-dynamic' 'nonce-x'", cloned: true, allowed: true },
  { policy: "script-src 'nonce-x'", cloned: true, allowed: false },
  { policy: "default-src 'self'", allowed: false },
  { policy: "script-src 'none'; script-src-elem 'unsafe-inline'", allowed: true },
  { policy: `script-src ${hash}`, kind: 'script attribute', allowed: false },
  { policy: `script-src ${hash} 'unsafe-hashes'`, kind: 'script attribute', allowed: true },
  { policy: "script-src 'unsafe-inline'", kind: 'script attribute', allowed: true },
  { policy: "script-src 'none'; script-src-attr 'unsafe-inline'", kind: 'script attribute', allowed: true },
  { policy: "script-src 'none'; script-src-elem 'unsafe-inline'", kind: 'script attribute', allowed: false },
  { policy: `script-src ${hash} 'unsafe-inline'`, kind: 'script attribute', allowed: false },
  { policy: `script-src ${hash}`, kind: 'navigation', text: 'javascript:go()', allowed: false },
  // The scheme belongs to what is hashed.
  {
    policy: `script-src ${hash} 'unsafe-hashes'`,
    kind: 'navigation',
    text: 'javascript:go()',
    allowed: false,
  },
  {
    policy: `script-src ${quoted('javascript:go()')} 'unsafe-hashes'`,
    kind: 'navigation',
    text: 'javascript:go()',
    allowed: true,
  },
  { policy: "style-src 'self'", kind: 'style', allowed: false },
  { policy: `style-src ${hash}`, kind: 'style', allowed: true },
  { policy: `style-src ${hash}`, kind: 'style attribute', allowed: false },
  { policy: `style-src 'unsafe-hashes' ${hash}`, kind: 'style attribute', allowed: true },
  { policy: "style-src 'unsafe-inline'", kind: 'style attribute', allowed: true },
  { policy: `style-src 'unsafe-inline' ${quoted('x')}`, kind: 'style', allowed: false },
  { policy: "style-src-attr 'none'; style-src 'unsafe-inline'", kind: 'style', allowed: true },
]

describe('inline content', () => {
  it.each(inlines)(
    '$policy · $kind · $allowed',
    ({ policy, kind = 'script', text = 'go()', nonce, cloned, allowed }) => {
      const block = blocksInline(parsePolicy(policy), { kind, text, nonce, parserInserted: cloned !== true })
      expect(block === undefined).toBe(allowed)
    },
  )
})

describe('serialized policies', () => {
  it('a header holds several, separated by commas', () => {
    const policies = parsePolicyHeader("script-src 'self', ,style-src 'none'; img-src *")
    expect(policies.map(({ directives }) => [...directives.keys()])).toEqual([
      ['script-src'],
      ['style-src', 'img-src'],
    ])
  })
})
