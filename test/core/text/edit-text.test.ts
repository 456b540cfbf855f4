import { MagicString } from 'magic-string'
import { describe, expect, it } from 'vitest'
import { type Edit, editText } from '../../../src/core/text/edit-text.ts'

const insert = (offset: number, text: string): Edit => ({ kind: 'insert', offset, text })
const replace = (start: number, end: number, text: string): Edit => ({
  kind: 'replace',
  span: { start, end },
  text,
})

/** Numbers below one, the same in every run. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    yield state / 2 ** 31
  }
}

describe('a text is edited', () => {
  it.each([
    ['by nothing', [], 'abcdef'],
    ['at both ends', [insert(6, '>'), insert(0, '<')], '<abcdef>'],
    ['in order at one place', [insert(3, '1'), insert(3, '2')], 'abc12def'],
    ['before and behind what is replaced', [replace(2, 4, 'X'), insert(4, '>'), insert(2, '<')], 'ab<X>ef'],
    ['inside of what is removed', [replace(1, 5, ''), insert(3, '|')], 'a|f'],
    ['where spans touch', [replace(3, 6, 'Y'), replace(0, 3, 'X')], 'XY'],
    ['where spans overlap', [replace(0, 4, ''), replace(2, 5, '')], 'f'],
    ['by a replacement of nothing', [replace(3, 3, '+'), insert(3, '-')], 'abc+-def'],
  ] as const)('%s', (_, edits, expected) => {
    expect(editText('abcdef', edits)).toBe(expected)
  })

  it('as another editor does it', () => {
    const random = numbers(7)
    const below = (limit: number): number => Math.floor(random.next().value * limit)
    for (let round = 0; round < 500; round++) {
      const source = Array.from({ length: 40 }, (_, i) => String.fromCharCode(0x41 + i)).join('')
      const other = new MagicString(source)
      const edits: Edit[] = []
      for (let at = below(6); at < source.length - 6; at += 1 + below(8)) {
        const end = at + 1 + below(5)
        const text = below(2) === 0 ? '' : `<${at}>`
        edits.push(replace(at, end, text))
        if (text === '') other.remove(at, end)
        else other.overwrite(at, end, text)
        at = end
      }
      // What is put into a replaced text is an error there.
      const free = (offset: number): boolean =>
        edits.every(
          (edit) =>
            edit.kind === 'insert' ||
            edit.text === '' ||
            offset <= edit.span.start ||
            offset >= edit.span.end,
        )
      for (let i = below(8); i > 0; i--) {
        const offset = below(source.length + 1)
        if (!free(offset)) continue
        edits.push(insert(offset, `[${i}]`))
        other.appendLeft(offset, `[${i}]`)
      }
      expect(editText(source, edits)).toBe(other.toString())
    }
  })
})
