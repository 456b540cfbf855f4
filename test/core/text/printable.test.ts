import { describe, expect, it } from 'vitest'
import { printable, printableLine } from '../../../src/core/text/printable.ts'

describe('text for a terminal', () => {
  it.each([
    ['a\u001B[31m.html', String.raw`a\u001b[31m.html`],
    ['\u202Egpj.html', String.raw`\u202egpj.html`],
    ['a\u2066b\u2069\u061C', String.raw`a\u2066b\u2069\u061c`],
    ['zero\u200Bwidth\uFEFF\u00AD', String.raw`zero\u200bwidth\ufeff\u00ad`],
    ['\u009B2J\u007F\u0007\b\r', String.raw`\u009b2J\u007f\u0007\u0008\u000d`],
    ['a\u2028b\u2029', String.raw`a\u2028b\u2029`],
    // Letters that nobody sees, and half a character.
    ['\u{E0041}\uD800', String.raw`\udb40\udc41\ud800`],
  ])('%j', (text, shown) => {
    expect(printable(text)).toBe(shown)
    expect(printable(shown)).toBe(shown)
  })

  it('keeps what is meant to be seen', () => {
    const text = 'Grüße, 日本語, עברית, 🙂\n\tcolumn \\ "quoted"'
    expect(printable(text)).toBe(text)
  })

  it('leaves JSON the same value', () => {
    const value = { 'a\u009B': ['\u202E', '\u{E0041}', '\u001B', 'é\n'] }
    expect(JSON.parse(printable(JSON.stringify(value)))).toEqual(value)
  })

  it('keeps a name on its line', () => {
    expect(printableLine('a\nok\u001B.html')).toBe(String.raw`a\nok\u001b.html`)
  })
})
