import type { Tokens } from './js-tokens.ts'

/**
 * The known parts of a string that a script computes: its beginning and end, and whether they are the whole
 * string.
 */
export interface ComputedText {
  readonly head: string
  readonly tail: string
  readonly whole: boolean
}

/** If a string has more possible values than this, it counts as unknown. */
const MOST_SPELLINGS = 12
/** Maximum depth to which constants are followed that are computed from other constants. */
const DEEPEST = 4
/** A name with more values than this is shared by many variables of a minified bundle, so it counts as unknown. */
const MOST_VALUES = 64
/** At most this many expressions are evaluated per script, to limit the time. */
const MOST_EXPRESSIONS = 20_000

const UNKNOWN: ComputedText = { head: '', tail: '', whole: false }
const exactly = (text: string): ComputedText => ({ head: text, tail: text, whole: true })

function joined(a: ComputedText, b: ComputedText): ComputedText {
  if (a.whole && b.whole) return exactly(a.head + b.head)
  return { head: a.whole ? a.head + b.head : a.head, tail: b.whole ? a.tail + b.tail : b.tail, whole: false }
}

/** Computes strings as far as they follow from constants of the same script. */
export class ConstantFolder {
  private readonly constants = new Map<string, ComputedText[]>()
  private values: ReadonlyMap<string, readonly number[]> | undefined
  private expressions = 0

  constructor(private readonly tokens: Tokens) {}

  /** End of the argument or array entry that begins at a token. */
  endOfArgument(from: number, close: number): number {
    return this.split(from, close, ',')[0]?.[1] ?? close
  }

  /** Splits a range at an operator, ignoring operators inside brackets. */
  private split(from: number, to: number, operator: string): [number, number][] {
    const parts: [number, number][] = []
    let start = from
    for (let at = from; at < to; at++) {
      const partner = this.tokens.partner(at)
      if (partner > at) at = partner - 1
      else if (partner === -1 && this.tokens.text(at) === operator) {
        parts.push([start, at])
        start = at + 1
      }
    }
    return [...parts, [start, to]]
  }

  expression(from: number, to: number, depth = 0): ComputedText[] {
    if (depth > DEEPEST || from >= to || this.expressions++ > MOST_EXPRESSIONS) return [UNKNOWN]
    for (const operator of ['??', '||']) {
      const choices = this.split(from, to, operator)
      if (choices.length > 1) return this.any(choices, depth)
    }
    const [condition, ...rest] = this.split(from, to, '?')
    if (condition && rest.length > 0) return this.any(this.split(condition[1] + 1, to, ':'), depth)
    return this.sum(this.split(from, to, '+').map(([start, end]) => this.operand(start, end, depth)))
  }

  private any(choices: readonly [number, number][], depth: number): ComputedText[] {
    return few(choices.flatMap(([start, end]) => this.expression(start, end, depth + 1)))
  }

  private sum(terms: readonly ComputedText[][]): ComputedText[] {
    return terms.reduce(
      (sums, term) => few(sums.flatMap((sum) => term.map((one) => joined(sum, one)))),
      [exactly('')],
    )
  }

  private operand(from: number, to: number, depth: number): ComputedText[] {
    const { tokens } = this
    const text = tokens.string(from)
    if (text !== undefined && to === from + 1) return [exactly(text)]
    if (tokens.kind(from) === 'template') return this.template(from, to, depth)
    if (tokens.text(from) === '(' && tokens.partner(from) === to - 1)
      return this.expression(from + 1, to - 1, depth + 1)
    // new URL("./x.js", import.meta.url).href
    if (tokens.text(from) === 'new' && tokens.text(from + 1) === 'URL' && tokens.text(from + 2) === '(')
      return this.expression(from + 3, this.endOfArgument(from + 3, tokens.partner(from + 2)), depth + 1)
    const last = tokens.kind(to - 1) === 'name' ? tokens.text(to - 1) : undefined
    const plain = last !== undefined && (to === from + 1 || tokens.text(to - 2) === '.')
    return plain ? this.constant(last, to > from + 1, depth) : [UNKNOWN]
  }

  private template(from: number, to: number, depth: number): ComputedText[] {
    const { tokens } = this
    const terms: ComputedText[][] = []
    let piece = from
    for (;;) {
      terms.push([exactly(tokens.text(piece).replace(/^[`}]|`$|\$\{$/g, ''))])
      const next = tokens.partner(piece)
      if (next <= piece || next >= to) break
      terms.push(this.expression(piece + 1, next, depth + 1))
      piece = next
    }
    return piece === to - 1 ? this.sum(terms) : [UNKNOWN]
  }

  /**
   * The possible values of a name: everything that is assigned to it anywhere, because minified code reuses names.
   */
  private constant(name: string, member: boolean, depth: number): ComputedText[] {
    const variable = `${member ? '.' : ''}${name}`
    const key = `${depth} ${variable}`
    const known = this.constants.get(key)
    if (known) return known
    this.values ??= valuesByName(this.tokens)
    const starts = this.values.get(variable) ?? []
    const values = (starts.length > MOST_VALUES ? [] : starts)
      .flatMap((start) => this.expression(start, this.endOfValue(start), depth + 1))
      .filter(({ head, tail, whole }) => whole || /\w/.test(head + tail))
    const texts = values.length === 0 ? [UNKNOWN] : few(values)
    this.constants.set(key, texts)
    return texts
  }

  endOfValue(from: number): number {
    const { tokens } = this
    const parent = tokens.parent(from)
    for (let at = from; at < tokens.length; at++) {
      const partner = tokens.partner(at)
      if (partner > at) at = partner - 1
      else if (partner === -1 && /^[,;]$/.test(tokens.text(at))) return at
      else if (at > from && partner !== -1 && partner === parent) return at
      else if (at > from && this.endsStatement(at)) return at
    }
    return tokens.length
  }

  /** Whether a newline without a semicolon separates two statements. */
  private endsStatement(at: number): boolean {
    const { tokens } = this
    if (tokens.kind(at) === 'punctuator' || tokens.kind(at) === 'template') return false
    return tokens.kind(at - 1) !== 'punctuator' || tokens.text(at - 1) === ')'
  }
}

function few(all: ComputedText[]): ComputedText[] {
  return all.length > MOST_SPELLINGS ? [UNKNOWN] : all
}

/**
 * Tokens at which the assigned values begin, by name: `name` for `name = …`, and `.name` for `a.name = …` and
 * `name: …`.
 */
function valuesByName(tokens: Tokens): Map<string, number[]> {
  const values = new Map<string, number[]>()
  for (let at = 1; at < tokens.length - 1; at++) {
    const isEntry = tokens.is(at + 1, ':')
    if ((!isEntry && !tokens.is(at + 1, '=')) || tokens.kind(at) !== 'name') continue
    const variable = `${isEntry || tokens.is(at - 1, '.') ? '.' : ''}${tokens.text(at)}`
    const starts = values.get(variable) ?? []
    starts.push(at + 2)
    values.set(variable, starts)
  }
  return values
}
