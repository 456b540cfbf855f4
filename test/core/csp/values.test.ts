import { describe, expect, it } from 'vitest'
import {
  decidingDirective,
  DIRECTIVE_NAMES,
  type DirectiveName,
  writtenOrder,
} from '../../../src/core/csp/directives.ts'
import { SourceCover } from '../../../src/core/csp/source-cover.ts'
import { sourceError } from '../../../src/core/csp/source-expression.ts'
import { resolveOptions } from '../../../src/options.ts'

describe('values of directives', () => {
  it.each<[DirectiveName, string, string | undefined]>([
    ['sandbox', 'allow-scripts', undefined],
    ['sandbox', 'allow-script', 'did you mean "allow-scripts"'],
    ['require-trusted-types-for', "'script'", undefined],
    ['require-trusted-types-for', 'script', `"'script'"`],
    ['trusted-types', 'dompurify', undefined],
    ['trusted-types', "'allow-duplicates'", undefined],
    ['trusted-types', '(app)', 'not a value'],
    ['frame-ancestors', "'self'", undefined],
    ['frame-ancestors', 'https://portal.test', undefined],
    ['frame-ancestors', "'unsafe-inline'", 'means nothing'],
    ['report-to', 'csp', undefined],
    ['report-uri', '/reports', undefined],
    ['img-src', 'data:', undefined],
    ['script-src', 'https://my_bucket.s3.example/x.js', 'an underscore in its host'],
    ['connect-src', 'my_host.example:8080', 'an underscore in its host'],
    ['script-src', 'http://[::1]:8080', 'an IPv6 address'],
    ['script-src', 'https://a.example/_next/x_y.js', undefined],
    ['script-src', "'wasm-unsafe-eval'", undefined],
  ])('%s %s', (directive, value, problem) => {
    if (problem === undefined) expect(sourceError(directive, value)).toBeUndefined()
    else expect(sourceError(directive, value)).toContain(problem)
  })

  it('of every directive of CSP Level 3 are known', () => {
    // https://www.w3.org/TR/CSP3/#csp-directives, and the specifications that extend it
    const names =
      'child-src connect-src default-src font-src frame-src img-src manifest-src media-src object-src script-src script-src-elem script-src-attr style-src style-src-elem style-src-attr worker-src base-uri sandbox form-action frame-ancestors report-uri report-to require-trusted-types-for trusted-types upgrade-insecure-requests fenced-frame-src'
    expect([...DIRECTIVE_NAMES].toSorted()).toEqual(names.split(' ').toSorted())
    const directives = Object.fromEntries(DIRECTIVE_NAMES.map((name) => [name, false]))
    expect(resolveOptions({ directives }).directives.size).toBe(DIRECTIVE_NAMES.length)
  })
})

describe('what one source list covers', () => {
  const HASH = "'sha256-AAAA'"
  it.each<[string, string, boolean]>([
    ["'self'", "'self'", true],
    ['*', "'self'", true],
    ['*', 'https://a.test', true],
    ['*', 'data:', false],
    ['https:', 'https://a.test', true],
    ['https:', 'http://a.test', false],
    ['https:', 'data:', false],
    ['*.a.test', 'https://b.a.test', true],
    ['*.a.test', 'https://a.test', false],
    ['https://*.a.test', 'http://b.a.test', false],
    ['a.test', 'https://a.test', true],
    ["'unsafe-inline'", HASH, true],
    [`'unsafe-inline' 'sha256-BBBB'`, HASH, false],
    ["'unsafe-inline' 'strict-dynamic'", HASH, false],
    ["'unsafe-eval'", "'wasm-unsafe-eval'", true],
    ["'wasm-unsafe-eval'", "'unsafe-eval'", false],
    ["'none'", "'self'", false],
  ])('%s / %s: %s', (list, expression, expected) => {
    expect(new SourceCover(list.split(' ')).covers(expression)).toBe(expected)
  })
})

describe('which directive decides', () => {
  it.each<[DirectiveName, readonly string[], string | undefined]>([
    ['img-src', ['default-src'], 'default-src'],
    ['img-src', ['img-src', 'default-src'], 'img-src'],
    ['worker-src', ['default-src', 'script-src'], 'script-src'],
    ['worker-src', ['default-src', 'script-src', 'child-src'], 'child-src'],
    ['script-src-elem', ['default-src'], 'default-src'],
    ['style-src-attr', ['style-src', 'default-src'], 'style-src'],
    ['base-uri', ['default-src'], undefined],
    ['form-action', ['default-src'], undefined],
    ['frame-ancestors', ['default-src'], undefined],
  ])('%s among %j: %s', (name, present, expected) => {
    expect(decidingDirective(name, new Set(present))).toBe(expected)
  })

  it('is written in the order of the guides', () => {
    expect(
      writtenOrder(['img-src', 'base-uri', 'object-src', 'form-action', 'script-src', 'default-src']),
    ).toEqual(['default-src', 'script-src', 'form-action', 'object-src', 'base-uri', 'img-src'])
  })
})
