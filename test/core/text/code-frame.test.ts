import { describe, expect, it } from 'vitest'
import { codeFrame, offsetAt, positionOf } from '../../../src/core/text/code-frame.ts'

/** As the standard has it: all lines, split. */
function expectedFrame(source: string, { line, column }: { line: number; column: number }): string {
  const lines = source.split(/\r\n|\r|\n/)
  const last = Math.min(lines.length, line + 2)
  const gutter = String(last).length
  return lines
    .slice(0, last)
    .flatMap((text, index) => {
      const number = index + 1
      if (number < line - 2) return []
      const shown = `${number === line ? '>' : ' '} ${String(number).padStart(gutter)} | ${text}`.trimEnd()
      return number === line ? [shown, `  ${' '.repeat(gutter)} | ${' '.repeat(column - 1)}^`] : [shown]
    })
    .join('\n')
}

describe('a place in a text', () => {
  it.each([
    '',
    'a',
    '\n',
    'a\nb\nc\nd\ne\nf',
    'a\r\nb\rc\n\n\r\r\nd',
    '\r\r\n\n\r',
    `${'x\n'.repeat(12)}y`,
    'a\n',
  ])('%j, at each offset', (source) => {
    for (let offset = 0; offset <= source.length; offset++) {
      // Between CR and LF there is no place.
      if (source.startsWith('\r\n', offset - 1)) continue
      const before = source.slice(0, offset).split(/\r\n|\r|\n/)
      const position = positionOf(source, offset)
      expect(position).toEqual({ line: before.length, column: before.at(-1)!.length + 1 })
      expect(offsetAt(source, position)).toBe(offset)
      expect(codeFrame(source, position, offset)).toBe(expectedFrame(source, position))
    }
  })
})
