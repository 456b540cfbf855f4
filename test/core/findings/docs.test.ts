import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { explainLine, FINDINGS, type FindingCode } from '../../../src/core/findings/index.ts'
import { explainCode } from '../../../src/cli/explain-code.ts'
import { resolveOptions } from '../../../src/options.ts'
import { RULE_FIXTURES } from '../rules/fixtures.ts'

const ROOT = join(import.meta.dirname, '../../..')
const text = readFileSync(join(ROOT, 'docs/findings.md'), 'utf8')
const sections = new Map(
  text
    .split(/^### /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), section]),
)
const codes = Object.keys(FINDINGS) as FindingCode[]

describe('the documentation of findings', () => {
  it('has a section for each code, and for no other', () => {
    expect([...sections.keys()].toSorted()).toEqual(codes.toSorted())
  })

  it.each(codes)('%s: gives its default level and a way out, where the log points to', (code) => {
    expect(sections.get(code)).toContain(`\`${FINDINGS[code].severity}\``)
    expect(sections.get(code)).toContain('**What to do.**')
    expect(explainLine(code)).toBe(`npx csp-hashes explain ${code}`)
    expect(explainCode(code)).toMatch(new RegExp(`^${code}\\n[^]+What to do\\.[^]+\\n$`))
    expect(explainCode(code)).not.toContain('###')
  })

  it('names no code elsewhere that there is not', () => {
    const pages = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)]
    for (const page of pages.filter((name) => name.endsWith('.md') && existsSync(join(ROOT, name)))) {
      const named = [...readFileSync(join(ROOT, page), 'utf8').matchAll(/findings\.md#([a-z-]+)/g)].map(
        ([, code]) => code,
      )
      expect(codes).toEqual(expect.arrayContaining(named))
    }
  })

  it('shows options that are valid', () => {
    expect(() =>
      resolveOptions({ findings: { 'name-without-hash': 'off', 'eval-used': 'error' } }),
    ).not.toThrow()
  })
})

describe('the rules', () => {
  it('have an example in the docstring and a fixture for each code', () => {
    const directory = join(ROOT, 'src/core/rules')
    const told = new Set<string>()
    for (const name of readdirSync(directory)) {
      const source = readFileSync(join(directory, name), 'utf8')
      for (const [, code] of source.matchAll(/finding\(\s*'([a-z-]+)'/g)) told.add(code!)
      for (const [, before] of source.matchAll(/([^\n]*\n)export const \w+: Rule =/g))
        expect(before?.trim()).toMatch(/\*\/$/)
    }
    const tested = new Set<string>(RULE_FIXTURES.map(({ code }) => code))
    expect([...told].filter((code) => !tested.has(code))).toEqual([])
    expect(told.size).toBeGreaterThan(15)
  })
})
