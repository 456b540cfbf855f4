import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compilePattern } from '../../src/bounded/pattern.ts'
import { runs } from '../properties/arbitrary.ts'

const atom = fc.constantFrom(
  'a',
  'b',
  '.',
  '[ab]',
  '[^a]',
  '\\w',
  '\\b',
  '\\d',
  '/',
  '\\/',
  '-',
  '\\.',
  'A',
  '^',
  '$',
  '',
)
const pattern = fc.letrec<{ p: string }>((tie) => ({
  p: fc.oneof(
    { maxDepth: 4 },
    atom,
    fc.tuple(tie('p'), tie('p')).map(([a, b]) => a + b),
    fc.tuple(tie('p'), tie('p')).map(([a, b]) => `(?:${a}|${b})`),
    fc
      .tuple(tie('p'), fc.constantFrom('*', '+', '?', '*?', '+?', '??', '{2}', '{1,3}', '{0,}'))
      .map(([a, q]) => `(?:${a})${q}`),
    tie('p').map((a) => `(?=${a})`),
    tie('p').map((a) => `(?!${a})`),
    tie('p').map((a) => `(?<name>${a})`),
  ),
})).p
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '/', '.', '-', '1'), maxLength: 12 })

describe('a pattern', () => {
  it('matches as RegExp does', () => {
    let compared = 0
    fc.assert(
      fc.property(
        pattern,
        text,
        fc.constantFrom('' as const, 'i' as const, 'u' as const),
        (source, subject, flags) => {
          let native: RegExp
          try {
            native = new RegExp(source, flags)
          } catch {
            expect(compilePattern(source, flags)).toBeUndefined()
            return
          }
          compared++
          expect(compilePattern(source, flags)?.test(subject)).toBe(native.test(subject))
        },
      ),
      runs(4000),
    )
    expect(compared).toBeGreaterThan(1000)
  })

  it.each([
    ['^/(?<splat>.*)$', '/a/b'],
    ['^/blog/(?<year>[^/]+)/(?<slug>[^/]+)$', '/blog/2026/x'],
    ['^(?<a>a+?)(?<b>a*)$', 'aaaa'],
    ['(?<first>b|bc)(?<rest>.*)', 'abcd'],
  ])('captures as RegExp does: %s', (source, subject) => {
    const native = new RegExp(source).exec(subject)
    const groups = Object.fromEntries(
      Object.entries(native?.groups ?? {}).filter(([, value]) => value !== undefined),
    )
    expect(compilePattern(source)?.exec(subject)).toEqual(groups)
  })

  it.each(['^(a+)+$', '^(?:a|a)*$', '^(?:.*a){20}$', '^(?:[^/]+[^/]*)+/x$', '^(?!(?:a*)*b)a*$'])(
    'takes %s without backtracking',
    (source) => {
      expect(compilePattern(source)?.test(`${'a'.repeat(400)}!`)).toBe(false)
    },
  )

  it.each([
    '(a)\\1',
    '(?<=a)b',
    '(',
    'a{20000}',
    '('.repeat(5000),
    `${'(?:'.repeat(200)}a${')'.repeat(200)}`,
    '*'.repeat(100_000),
  ])('does not take what needs backtracking, or is too large (%#)', (source) => {
    expect(compilePattern(source)).toBeUndefined()
  })
})
