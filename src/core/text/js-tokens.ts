/**
 * The tokens of a script, without a grammar: enough to tell code from strings, comments and regular expressions.
 * Tolerates what it does not know (TypeScript, JSX), so that it can read a user's own file as well as a chunk.
 * @see https://tc39.es/ecma262/#sec-ecmascript-language-lexical-grammar
 */

export type TokenKind = 'name' | 'number' | 'string' | 'template' | 'regex' | 'punctuator'

const NAME = /[\w$\\\u0080-\uFFFF]+/y
const NUMBER = /0[xob][\da-f_]+n?|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:e[+-]?\d+)?n?/iy
const PUNCTUATOR =
  /=>|\?\.(?!\d)|\+\+|--|&&=?|\|\|=?|\?\?=?|[=!]==?|\*\*=?|>>>?=?|<<=?|[-+*/%&|^<>]=|\.\.\.|[^]/y
const SPACE = /[\s\uFEFF]+/y

/** Behind these a slash begins a regular expression. */
const BEFORE_OPERAND: ReadonlySet<string> = new Set(
  'return typeof instanceof in of new delete void throw case do else yield await'.split(' '),
)
const HEADS: ReadonlySet<string> = new Set(['if', 'while', 'for', 'with'])

/** Tokens by their index. Brackets know their partner; `${` and `}` of a template are brackets too. */
export class Tokens {
  private readonly kinds: TokenKind[] = []
  private readonly starts: number[] = []
  private readonly ends: number[] = []
  private readonly partners: number[] = []
  private readonly parents: number[] = []
  private readonly open: number[] = []

  constructor(readonly code: string) {
    for (let at = 0; at < code.length;) at = this.read(at)
  }

  get length(): number {
    return this.kinds.length
  }

  kind(index: number): TokenKind | undefined {
    return this.kinds[index]
  }

  start(index: number): number {
    return this.starts[index] ?? this.code.length
  }

  text(index: number): string {
    return index < 0 ? '' : this.code.slice(this.starts[index], this.ends[index])
  }

  /** The other bracket of a pair, -1 for none. */
  partner(index: number): number {
    return this.partners[index] ?? -1
  }

  /** The innermost bracket that is open at a token, -1 for none. */
  parent(index: number): number {
    return this.parents[index] ?? -1
  }

  /** The value of a string, or of a template without expressions. */
  string(index: number): string | undefined {
    const kind = this.kinds[index]
    const text = this.text(index)
    if (kind !== 'string' && !(kind === 'template' && /^`[^]*`$/.test(text))) return undefined
    return unescaped(text.slice(1, -1))
  }

  private push(kind: TokenKind, start: number, end: number): number {
    this.kinds.push(kind)
    this.starts.push(start)
    this.ends.push(end)
    this.partners.push(-1)
    this.parents.push(this.open.at(-1) ?? -1)
    return end
  }

  private read(at: number): number {
    const { code } = this
    const character = code.charCodeAt(at)
    if (character <= 32 || character === 0xfeff || character === 0xa0)
      return matchEnd(SPACE, code, at) ?? at + 1
    if (character === 0x2f) {
      const next = code.charCodeAt(at + 1)
      if (next === 0x2f) return endOf(code, '\n', at)
      if (next === 0x2a) return endOf(code, '*/', at + 2)
      if (this.operandFollows()) return this.push('regex', at, regexEnd(code, at))
    }
    if (character === 0x22 || character === 0x27)
      return this.push('string', at, stringEnd(code, at, character))
    if (character === 0x60) return this.template(at)
    const digit = character >= 0x30 && character <= 0x39
    if (digit || (character === 0x2e && /\d/.test(code.charAt(at + 1))))
      return this.push('number', at, matchEnd(NUMBER, code, at) ?? at + 1)
    const name = matchEnd(NAME, code, at)
    if (name !== undefined) return this.push('name', at, name)
    return this.punctuator(at)
  }

  private punctuator(at: number): number {
    const character = this.code.charAt(at)
    if (character === '(' || character === '[' || character === '{') {
      this.push('punctuator', at, at + 1)
      this.open.push(this.kinds.length - 1)
      return at + 1
    }
    if (character === ')' || character === ']' || character === '}') {
      const opened = this.open.at(-1)
      if (opened === undefined) return this.push('punctuator', at, at + 1)
      if (character === '}' && this.kinds[opened] === 'template') return this.template(at)
      this.close(opened)
      this.push('punctuator', at, at + 1)
      this.pair(opened)
      return at + 1
    }
    return this.push('punctuator', at, matchEnd(PUNCTUATOR, this.code, at) ?? at + 1)
  }

  private close(opened: number): void {
    if (this.open.at(-1) === opened) this.open.pop()
  }

  private pair(opened: number): void {
    this.partners[opened] = this.kinds.length - 1
    this.partners[this.kinds.length - 1] = opened
  }

  /** One piece of a template: from the backtick or `}` to the next `${` or backtick. */
  private template(at: number): number {
    const opened = this.code.charAt(at) === '}' ? this.open.pop() : undefined
    let end = at + 1
    for (; end < this.code.length; end++) {
      const character = this.code.charAt(end)
      if (character === '\\') end++
      else if (character === '`') break
      else if (character === '$' && this.code.charAt(end + 1) === '{') {
        this.push('template', at, end + 2)
        if (opened !== undefined) this.pair(opened)
        this.open.push(this.kinds.length - 1)
        return end + 2
      }
    }
    this.push('template', at, Math.min(end + 1, this.code.length))
    if (opened !== undefined) this.pair(opened)
    return end + 1
  }

  private operandFollows(): boolean {
    const last = this.kinds.length - 1
    const kind = this.kinds[last]
    if (kind === undefined) return true
    const text = this.text(last)
    if (kind === 'name') return BEFORE_OPERAND.has(text) && this.text(last - 1) !== '.'
    if (kind === 'template') return text.endsWith('${')
    if (kind !== 'punctuator') return false
    const opened = this.partner(last)
    if (text === ')') return HEADS.has(this.text(opened - 1))
    // Behind a block a statement begins; behind an object literal stands an operator.
    if (text === '}')
      return opened > 0 && /^(?:\)|;|\{|\}|else|=>|try|finally|do)$/.test(this.text(opened - 1))
    return text !== ']' && text !== '++' && text !== '--'
  }
}

function matchEnd(pattern: RegExp, code: string, at: number): number | undefined {
  pattern.lastIndex = at
  return pattern.test(code) ? pattern.lastIndex : undefined
}

function endOf(code: string, mark: string, from: number): number {
  const at = code.indexOf(mark, from)
  return at === -1 ? code.length : at + mark.length
}

/** A string that is not closed ends with its line: the apostrophe of a text in JSX. */
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

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  '0': '\0',
}

/** The value behind escapes. @see https://tc39.es/ecma262/#prod-EscapeSequence */
export function unescaped(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(
    /\\(?:u\{([\da-f]+)\}|u([\da-f]{4})|x([\da-f]{2})|\r\n|([^]))/gi,
    (_, braced?: string, four?: string, two?: string, one?: string) => {
      const hex = braced ?? four ?? two
      if (hex !== undefined) {
        const point = Number.parseInt(hex, 16)
        return point <= 0x10ffff ? String.fromCodePoint(point) : ''
      }
      return one === undefined || one === '\n' ? '' : (ESCAPES[one] ?? one)
    },
  )
}
