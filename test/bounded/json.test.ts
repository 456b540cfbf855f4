import { describe, expect, it } from 'vitest'
import { checkDepth, parseJson } from '../../src/bounded/json.ts'

const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`

describe('JSON of others', () => {
  it.each(['{"a":[1,{"b":null}]}', '"[[["', deep(500), JSON.stringify({ '[': ']{"\\' })])(
    'is read: %#',
    (text) => {
      expect(JSON.stringify(parseJson(text))).toBe(text)
    },
  )

  it.each([deep(501), '['.repeat(100_000), '{"a":'.repeat(100_000), `"${'\\"'.repeat(10)}",${deep(501)}`])(
    'is refused where it is too deep: %#',
    (text) => {
      expect(() => parseJson(text)).toThrow('nested more than 500 levels deep')
    },
  )

  it('does not count brackets of strings and comments', () => {
    checkDepth(`{ // ${'['.repeat(600)}\n /* ${'{'.repeat(600)} */ "a": "${'['.repeat(600)}" }`)
  })

  it('refuses what JSON.parse refuses', () => {
    expect(() => parseJson('{"a":}')).toThrow(SyntaxError)
  })
})
