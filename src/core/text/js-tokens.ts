import { unescaped } from './js-escapes.ts'

/**
 * Splits a script into tokens, without a grammar: enough to distinguish code from strings, comments and regular
 * expressions. Tolerates unknown syntax (TypeScript, JSX), so that it can read a user's own source as well as a
 * chunk.
 * @see https://tc39.es/ecma262/#sec-ecmascript-language-lexical-grammar
 */

const KINDS = ['name', 'number', 'string', 'template', 'regex', 'punctuator'] as const
export type TokenKind = (typeof KINDS)[number]
const [NAME, NUMBER, STRING, TEMPLATE, REGEX, PUNCTUATOR] = [0, 1, 2, 3, 4, 5] as const

const NUMBER_END = /0[xob][\da-f_]+n?|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:e[+-]?\d+)?n?/iy
const SIGN_END =
  /=>|\?\.(?!\d)|\+\+|--|&&=?|\|\|=?|\?\?=?|[=!]==?|\*\*=?|>>>?=?|<<=?|[-+*/%&|^<>]=|\.\.\.|[^]/y
const SPACE_END = /[\s\uFEFF]+/y

/** Classes of characters, by the kind of token that they begin. */
const [SIGN, WORD, DIGIT, LONG_SIGN, OPENS, CLOSES, SPACE, QUOTE, BACKTICK, SLASH] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
]
const CLASSES = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code)
  if (code <= 32) return SPACE
  if (/\d/.test(character)) return DIGIT
  if (/[\w$\\]/.test(character)) return WORD
  const signs = ['=?+-&|!*><%^.', '([{', ')]}', `'"`, '`', '/']
  const place = signs.findIndex((some) => some.includes(character))
  return [SIGN, LONG_SIGN, OPENS, CLOSES, QUOTE, BACKTICK, SLASH][place + 1] ?? SIGN
})

const classOf = (code: number): number => {
  if (code < 128) return CLASSES[code] ?? SIGN
  return code === 0xfeff || code === 0xa0 ? SPACE : WORD
}

/** A slash after one of these words begins a regular expression. */
const BEFORE_OPERAND: ReadonlySet<string> = new Set(
  'return typeof instanceof in of new delete void throw case do else yield await'.split(' '),
)
const HEADS: ReadonlySet<string> = new Set(['if', 'while', 'for', 'with'])

/** The number of integers stored for each token: kind, start, end, partner, parent. */
const WIDTH = 5

/** Tokens by index. Brackets know their partner; `${` and `}` of a template count as brackets. */
export class Tokens {
  private data: Int32Array
  private count = 0
  private innermost = -1

  constructor(readonly code: string) {
    // Minified code has about one token per three characters.
    this.data = new Int32Array((Math.ceil(code.length / 3) + 16) * WIDTH)
    for (let at = 0; at < code.length;) at = this.read(at)
  }

  get length(): number {
    return this.count
  }

  kind(index: number): TokenKind | undefined {
    return this.has(index) ? KINDS[this.data[index * WIDTH] ?? 0] : undefined
  }

  start(index: number): number {
    return this.has(index) ? (this.data[index * WIDTH + 1] ?? 0) : this.code.length
  }

  text(index: number): string {
    return this.has(index) ? this.code.slice(this.data[index * WIDTH + 1], this.data[index * WIDTH + 2]) : ''
  }

  /** Whether a token is a given word. Does not create a substring. */
  is(index: number, word: string): boolean {
    const start = this.start(index)
    return this.data[index * WIDTH + 2] === start + word.length && this.code.startsWith(word, start)
  }

  /** The matching bracket, -1 if there is none. */
  partner(index: number): number {
    return this.has(index) ? (this.data[index * WIDTH + 3] ?? -1) : -1
  }

  /** The innermost bracket that encloses a token, -1 if there is none. */
  parent(index: number): number {
    return this.has(index) ? (this.data[index * WIDTH + 4] ?? -1) : -1
  }

  /** The token that begins at an offset, -1 if there is none. */
  beginningAt(offset: number): number {
    let low = 0
    for (let high = this.count; low < high;) {
      const middle = (low + high) >>> 1
      if (this.start(middle) < offset) low = middle + 1
      else high = middle
    }
    return low < this.count && this.start(low) === offset ? low : -1
  }

  private has(index: number): boolean {
    return index >= 0 && index < this.count
  }

  /** The value of a string, or of a template without expressions. */
  string(index: number): string | undefined {
    const kind = this.kind(index)
    const text = this.text(index)
    if (kind !== 'string' && !(kind === 'template' && /^`[^]*`$/.test(text))) return undefined
    return unescaped(text.slice(1, -1))
  }

  private push(kind: number, start: number, end: number): number {
    const at = this.count++ * WIDTH
    if (at + WIDTH > this.data.length) {
      const larger = new Int32Array(at * 2)
      larger.set(this.data)
      this.data = larger
    }
    const { data } = this
    data[at] = kind
    data[at + 1] = start
    data[at + 2] = end
    data[at + 3] = -1
    data[at + 4] = this.innermost
    return end
  }

  private read(at: number): number {
    const { code } = this
    const character = code.charCodeAt(at)
    switch (classOf(character)) {
      case WORD:
        return this.push(NAME, at, wordEnd(code, at))
      case DIGIT:
        return this.push(NUMBER, at, numberEnd(code, at))
      case OPENS:
        this.push(PUNCTUATOR, at, at + 1)
        this.innermost = this.count - 1
        return at + 1
      case CLOSES:
        return this.closing(at, character)
      case SPACE:
        return character === 32 ? at + 1 : (matchEnd(SPACE_END, code, at) ?? at + 1)
      case QUOTE:
        return this.push(STRING, at, stringEnd(code, at, character))
      case BACKTICK:
        return this.template(at)
      case SLASH:
        return this.slash(at)
      case LONG_SIGN:
        return this.sign(at)
      default:
        return this.push(PUNCTUATOR, at, at + 1)
    }
  }

  private slash(at: number): number {
    const next = this.code.charCodeAt(at + 1)
    if (next === 0x2f) return endOf(this.code, '\n', at)
    if (next === 0x2a) return endOf(this.code, '*/', at + 2)
    return this.operandFollows() ? this.push(REGEX, at, regexEnd(this.code, at)) : this.sign(at)
  }

  private sign(at: number): number {
    const { code } = this
    const next = classOf(code.charCodeAt(at + 1))
    if (next === DIGIT && code.charCodeAt(at) === 0x2e) return this.push(NUMBER, at, numberEnd(code, at))
    // Only another sign can extend a sign.
    const alone = next !== LONG_SIGN && next !== SIGN
    return this.push(PUNCTUATOR, at, alone ? at + 1 : (matchEnd(SIGN_END, code, at) ?? at + 1))
  }

  private closing(at: number, character: number): number {
    const opened = this.innermost
    if (opened === -1) return this.push(PUNCTUATOR, at, at + 1)
    if (character === 0x7d && this.data[opened * WIDTH] === TEMPLATE) return this.template(at)
    this.innermost = this.parent(opened)
    this.push(PUNCTUATOR, at, at + 1)
    this.pair(opened)
    return at + 1
  }

  private pair(opened: number): void {
    this.data[opened * WIDTH + 3] = this.count - 1
    this.data[(this.count - 1) * WIDTH + 3] = opened
  }

  /** Reads one piece of a template: from the backtick or `}` to the next `${` or backtick. */
  private template(at: number): number {
    const opened = this.code.charAt(at) === '}' ? this.innermost : undefined
    if (opened !== undefined) this.innermost = this.parent(opened)
    let end = at + 1
    for (; end < this.code.length; end++) {
      const character = this.code.charAt(end)
      if (character === '\\') end++
      else if (character === '`') break
      else if (character === '$' && this.code.charAt(end + 1) === '{') {
        this.push(TEMPLATE, at, end + 2)
        if (opened !== undefined) this.pair(opened)
        this.innermost = this.count - 1
        return end + 2
      }
    }
    this.push(TEMPLATE, at, Math.min(end + 1, this.code.length))
    if (opened !== undefined) this.pair(opened)
    return end + 1
  }

  private operandFollows(): boolean {
    const last = this.count - 1
    const kind = this.kind(last)
    if (kind === undefined) return true
    const text = this.text(last)
    if (kind === 'name') return BEFORE_OPERAND.has(text) && this.text(last - 1) !== '.'
    if (kind === 'template') return text.endsWith('${')
    if (kind !== 'punctuator') return false
    const opened = this.partner(last)
    if (text === ')') return HEADS.has(this.text(opened - 1))
    // After a block, a slash begins a regular expression; after an object literal, it is an operator.
    if (text === '}')
      return opened > 0 && /^(?:\)|;|\{|\}|else|=>|try|finally|do)$/.test(this.text(opened - 1))
    return text !== ']' && text !== '++' && text !== '--'
  }
}

function wordEnd(code: string, at: number): number {
  let end = at + 1
  for (; end < code.length; end++) {
    const kind = classOf(code.charCodeAt(end))
    if (kind !== WORD && kind !== DIGIT) break
  }
  return end
}

function numberEnd(code: string, at: number): number {
  // Fast path for `0`, `12`: most numbers have no letter and no point.
  let end = at
  while (classOf(code.charCodeAt(end)) === DIGIT) end++
  const next = code.charCodeAt(end)
  if (end > at && classOf(next) !== WORD && next !== 0x2e) return end
  return matchEnd(NUMBER_END, code, at) ?? at + 1
}

function matchEnd(pattern: RegExp, code: string, at: number): number | undefined {
  pattern.lastIndex = at
  return pattern.test(code) ? pattern.lastIndex : undefined
}

function endOf(code: string, mark: string, from: number): number {
  const at = code.indexOf(mark, from)
  return at === -1 ? code.length : at + mark.length
}

/** An unterminated string ends at the end of its line: it is an apostrophe in JSX text. */
function stringEnd(code: string, at: number, quote: number): number {
  for (let end = at + 1; end < code.length; end++) {
    const character = code.charCodeAt(end)
    if (character === 0x5c) end++
    else if (character === quote) return end + 1
    else if (character === 0x0a) return end
  }
  return code.length
}

const FLAGS = /[a-z]*/y

function regexEnd(code: string, at: number): number {
  let inClass = false
  for (let end = at + 1; end < code.length; end++) {
    const character = code.charAt(end)
    if (character === '\\') end++
    else if (character === '\n') return at + 1
    else if (character === '[') inClass = true
    else if (character === ']') inClass = false
    else if (character === '/' && !inClass) return matchEnd(FLAGS, code, end + 1) ?? end + 1
  }
  return at + 1
}
