import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { unifiedDiff } from '../../src/cli/unified-diff.ts'
import { read, temporarySite } from '../directory/temporary-site.ts'

const lines = (...numbers: readonly number[]): string => numbers.map((number) => `line ${number}\n`).join('')
const many = Array.from({ length: 40 }, (_, index) => index)

const cases: readonly (readonly [string, string, string])[] = [
  ['one line in the middle', lines(1, 2, 3), lines(1, 9, 3)],
  ['a line at the top', lines(1, 2, 3), lines(0, 1, 2, 3)],
  ['the last line gone', lines(1, 2, 3), lines(1, 2)],
  ['no final newline', 'one\ntwo', 'one\n2'],
  ['a final newline gone', 'one\ntwo\n', 'one\ntwo'],
  ['two places far apart', lines(...many), lines(...many.map((n) => (n === 3 || n === 35 ? n + 100 : n)))],
  ['two places close together', lines(...many), lines(...many.filter((n) => n !== 10 && n !== 15))],
  ['everything', lines(1, 2), lines(3, 4)],
  ['from nothing', '', lines(1)],
  ['CRLF', 'a\r\nb\r\n', 'a\r\nc\r\n'],
]

describe('a unified diff', () => {
  it.each(cases)('is what git applies: %s', (_, before, after) => {
    const folder = temporarySite({
      'page.html': before,
      'change.patch': unifiedDiff('page.html', before, after),
    })
    execFileSync('git', ['apply', '--unidiff-zero', '-p1', '--whitespace=nowarn', 'change.patch'], {
      cwd: folder,
      // The folder lies inside a checkout, whose own rules must not count.
      env: { ...process.env, GIT_CEILING_DIRECTORIES: join(folder, '..') },
    })
    expect(read(folder, 'page.html')).toBe(after)
  })

  it('is nothing where nothing changed', () => {
    expect(unifiedDiff('a', lines(1, 2), lines(1, 2))).toBe('')
  })

  it('names a new file as patch does', () => {
    expect(unifiedDiff('a.txt', undefined, 'x\n')).toBe('--- /dev/null\n+++ b/a.txt\n@@ -0,0 +1,1 @@\n+x\n')
  })
})
