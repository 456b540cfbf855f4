import { InsertionMode, Parser, type Token, Tokenizer, TokenizerMode } from 'parse5'
import { describe, expect, it } from 'vitest'
import { ScanParser } from '../../../src/core/html/fast/scan-parser.ts'

const moves = (source: string): boolean => {
  const parser = new ScanParser(source)
  parser.run()
  return parser.tree.moved
}

/** What the scan relies on in parse5 beyond its documented functions. A failure here means: read the new release first. */
describe('the inner workings of parse5', () => {
  class Stepper extends Parser<never> {
    readonly seen: string[] = []

    override onStartTag(token: Token.TagToken): void {
      this.seen.push(token.tagName)
      this.tokenizer.pause()
      super.onStartTag(token)
    }
  }

  it('stop behind the token at which they are paused, and go on from there', () => {
    const parser = new Stepper()
    const { tokenizer } = parser
    tokenizer.pause()
    tokenizer.write('<p>a<b>c', true)
    expect(parser.seen).toEqual([])
    expect(tokenizer.active).toBe(true)
    tokenizer.resume()
    expect(parser.seen).toEqual(['p'])
    expect(tokenizer.preprocessor.pos).toBe('<p>'.length - 1)
    tokenizer.resume()
    expect(parser.seen).toEqual(['p', 'b'])
    expect(tokenizer.active).toBe(true)
    tokenizer.resume()
    expect(tokenizer.active).toBe(false)
  })

  it('take up the input where they are told', () => {
    const parser = new Stepper()
    const { tokenizer } = parser
    tokenizer.pause()
    tokenizer.write('<p><i><b>', true)
    tokenizer.resume()
    tokenizer.preprocessor.pos += '<i>'.length
    tokenizer.resume()
    expect(parser.seen).toEqual(['p', 'b'])
  })

  it('keep the input in one piece when told so', () => {
    const parser = new Stepper()
    const { tokenizer } = parser
    tokenizer.preprocessor.bufferWaterline = Number.POSITIVE_INFINITY
    tokenizer.pause()
    const before = `${'x'.repeat(200_000)}<p>`
    tokenizer.write(`${before}<b>`, true)
    tokenizer.resume()
    expect(tokenizer.preprocessor.pos).toBe(before.length - 1)
  })

  it('read the text of a script, a style and a title by states of their own', () => {
    for (const [tag, state] of [
      ['script', TokenizerMode.SCRIPT_DATA],
      ['style', TokenizerMode.RAWTEXT],
      ['title', TokenizerMode.RCDATA],
    ] as const) {
      const parser = new Stepper()
      parser.tokenizer.pause()
      parser.tokenizer.write(`<${tag}>x`, true)
      parser.tokenizer.resume()
      expect(parser.tokenizer.state).toBe(state)
      expect(parser.tokenizer.lastStartTagName).toBe(tag)
      expect(parser.insertionMode).toBe(InsertionMode.TEXT)
    }
  })

  it('list the formatting elements that are open from the newest on, up to a marker', () => {
    const parser = new Parser()
    parser.tokenizer.write('<table><td><b><a href=x><p>', false)
    const { newest } = parser.activeFormattingElements
    const entries = []
    for (let entry = newest; entry; entry = entry.older) entries.push(entry)
    expect(entries.map((entry) => ('element' in entry ? entry.token.tagName : 'marker'))).toEqual([
      'a',
      'b',
      'marker',
    ])
    expect(newest && 'element' in newest && parser.openElements.contains(newest.element)).toBe(true)
  })

  it('have the members that the scan reads, sets and replaces', () => {
    const parser: object = Parser.prototype
    for (const member of [
      'onStartTag',
      'onEndTag',
      'onComment',
      'onDoctype',
      'onCharacter',
      'onWhitespaceCharacter',
      'onEof',
      '_attachElementToTree',
      '_setEndLocation',
      '_insertCharacters',
      '_appendCommentNode',
      '_setDocumentType',
      '_findFosterParentingLocation',
    ])
      expect(Reflect.get(parser, member), member).toBeTypeOf('function')
    const instance = new ScanParser('<p>')
    for (const member of [
      'activeFormattingElements',
      'framesetOk',
      'insertionMode',
      'openElements',
      'skipNextNewLine',
      'currentNotInHTML',
      'currentToken',
      'tokenizer',
    ])
      expect(member in instance, member).toBe(true)
    for (const member of ['pause', 'resume', 'write'])
      expect(Reflect.get(Tokenizer.prototype, member), member).toBeTypeOf('function')
    for (const member of ['active', 'state', 'lastStartTagName', 'inForeignNode', 'preprocessor'])
      expect(member in instance.tokenizer, member).toBe(true)
  })

  it('look into attributes that the scan therefore keeps', () => {
    // Hidden inputs stay in a table.
    expect(moves('<table><input type=text>')).toBe(true)
    expect(moves('<table><input type=hidden>')).toBe(false)
    // Fonts with a size leave foreign content, and then a table cannot hold them.
    expect(moves('<table><td><svg></td><tr><font size=1>')).toBe(true)
  })
})
