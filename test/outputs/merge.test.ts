import { describe, expect, it } from 'vitest'
import { unbalancedMarker, withoutRegions } from '../../src/outputs/marked-lines.ts'
import { type HeadersFileRule, mergeRules } from '../../src/outputs/headers-file/merge.ts'

const all = (value: string): HeadersFileRule => ({
  pattern: '/*',
  lines: [`Content-Security-Policy: ${value}`],
})
const about: HeadersFileRule = { pattern: '/about', lines: ['! X-Policy', 'X-Policy: about'] }

/** Texts of users, by what is special about them. */
const TEXTS: Record<string, string> = {
  empty: '',
  'a byte order mark alone': '\uFEFF',
  'a line break alone': '\n',
  'other paths': '/assets/*\n  Cache-Control: immutable\n\n/feed.xml\n  X-Feed: 1\n',
  'the same path': '/*\n  X-Frame-Options: DENY\n\n/assets/*\n  Cache-Control: immutable\n',
  'the same path twice': '/*\n  X-One: 1\n/feed\n  X-Feed: 1\n/*\n  X-Two: 2\n',
  'the same path, and no header': '/*',
  'the same path with tabs': '/*\n\tX-Frame-Options: DENY\n\t# why\n\tX-Two: 2\n',
  CRLF: '# mine\r\n/*\r\n  X-Frame-Options: DENY\r\n\r\n/about\r\n  X-About: 1\r\n',
  'a byte order mark': '\uFEFF/about\n  X-About: 1\n',
  'a byte order mark and CRLF': '\uFEFF# mine\r\n/about\r\n  X-About: 1\r\n',
  'no final line break': '/*\n  X-Frame-Options: DENY',
  'no final line break after another path': '/feed\n  X-Feed: 1',
  'no final line break, CRLF': '/feed\r\n  X-Feed: 1',
  'headers before any path': '  X-Lost: 1\n/feed\n  X-Feed: 1\n',
  'headers and no path': '  X-Lost: 1',
  'trailing white space': '/*   \n  X-Frame-Options: DENY  \n\n\n',
}

describe('a merged _headers', () => {
  for (const [name, text] of Object.entries(TEXTS)) {
    it(`keeps every byte of the user: ${name}`, () => {
      const merged = mergeRules(text, [all('a'), about])
      expect(merged).not.toBe(text)
      expect(withoutRegions(merged)).toBe(text)
    })

    it(`is the same after a hundred rebuilds: ${name}`, () => {
      let merged = text
      for (let build = 0; build < 100; build++) merged = mergeRules(merged, [all(`build-${build}`), about])
      expect(merged).toBe(mergeRules(text, [all('build-99'), about]))
      expect(merged).not.toContain('build-98')
    })
  }

  it('inserts into the last block of the same path, others to the top and to the end', () => {
    expect(mergeRules(TEXTS['the same path twice']!, [all('a'), about])).toBe(
      '/*\n  X-One: 1\n/feed\n  X-Feed: 1\n/*\n' +
        '  # csp-hashes:begin\n  Content-Security-Policy: a\n  # csp-hashes:end\n  X-Two: 2\n' +
        '# csp-hashes:begin\n/about\n  ! X-Policy\n  X-Policy: about\n# csp-hashes:end\n',
    )
    expect(mergeRules(TEXTS['a byte order mark']!, [all('a')])).toBe(
      '\uFEFF# csp-hashes:begin\n/*\n  Content-Security-Policy: a\n# csp-hashes:end\n/about\n  X-About: 1\n',
    )
  })

  it('takes two spellings of a path for one', () => {
    const rule = { pattern: '/caf%C3%A9', lines: ['X-Policy: a'] }
    expect(mergeRules('/café\n  X-Mine: 1\n', [rule])).toBe(
      '/café\n  # csp-hashes:begin\n  X-Policy: a\n  # csp-hashes:end\n  X-Mine: 1\n',
    )
  })

  it('does not give headers that stand before any path a path', () => {
    expect(mergeRules('X-Lost: 1\n/feed\n  X-Feed: 1\n', [all('a')])).toMatch(
      /^X-Lost: 1\n# csp-hashes:begin\n\/\*\n/,
    )
  })

  it('writes the line breaks of the file', () => {
    expect(mergeRules(TEXTS.CRLF!, [all('a'), about]).replaceAll('\r\n', '')).not.toContain('\n')
  })

  it('leaves nothing behind when there is nothing to write', () => {
    const text = TEXTS['no final line break']!
    expect(mergeRules(mergeRules(text, [all('a'), about]), [])).toBe(text)
  })
})

describe('markers', () => {
  it('are found when one is missing', () => {
    expect(unbalancedMarker('/*\n# csp-hashes:begin\n  A: b\n')).toEqual({
      marker: '# csp-hashes:begin',
      offset: 3,
    })
    expect(unbalancedMarker('/*\n# csp-hashes:end\n')).toEqual({ marker: '# csp-hashes:end', offset: 3 })
    expect(unbalancedMarker('# csp-hashes:begin\n# csp-hashes:begin\n# csp-hashes:end\n')?.offset).toBe(0)
    expect(unbalancedMarker(mergeRules('', [all('a')]))).toBeUndefined()
  })
})
