import { describe, expect, it } from 'vitest'
import { type Edit, applyEdits } from '../../../src/core/page/edit.ts'

const insert = (offset: number, text: string): Edit => ({ kind: 'insert', offset, text })
const replace = (start: number, end: number, text: string): Edit => ({
  kind: 'replace',
  span: { start, end },
  text,
})

describe('a text is edited', () => {
  it.each([
    ['by nothing', [], 'abcdef'],
    ['at both ends', [insert(6, '>'), insert(0, '<')], '<abcdef>'],
    ['in order at one place', [insert(3, '1'), insert(3, '2')], 'abc12def'],
    ['before and behind what is replaced', [replace(2, 4, 'X'), insert(4, '>'), insert(2, '<')], 'ab<X>ef'],
    ['inside of what is removed', [replace(1, 5, ''), insert(3, '|')], 'a|f'],
    ['where spans touch', [replace(3, 6, 'Y'), replace(0, 3, 'X')], 'XY'],
    ['where spans overlap', [replace(0, 4, ''), replace(2, 5, '')], 'f'],
  ] as const)('%s', (_, edits, expected) => {
    expect(applyEdits('abcdef', edits)).toBe(expected)
  })
})
