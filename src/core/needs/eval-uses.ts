import { Tokens } from '../text/js-tokens.ts'
import { placesOf } from './places.ts'
import { GLOBALS, IDLE_TEXT, mayEvaluate } from './eval-signs.ts'

/** A place where a script turns text into code. */
export interface EvalUse {
  readonly offset: number
  /** `eval`, `new Function`, `setTimeout with a string`: inserted into a sentence. */
  readonly what: string
  /** Whether it is inside a `try`: a feature test, after which the script continues without eval. */
  readonly tried: boolean
}

class EvalSearch {
  private readonly found = new Map<number, EvalUse>()

  constructor(private readonly tokens: Tokens) {}

  run(): EvalUse[] {
    this.each('eval', (index) => this.evaluator(index))
    this.each('Function', (index) => this.constructed(index, index, 'new Function'))
    this.each('constructor', (index) => this.constructorOf(index))
    for (const timer of ['setTimeout', 'setInterval']) this.each(timer, (index) => this.timer(index, timer))
    // A use inside a `try` is less likely to break anything.
    return [...this.found.values()].toSorted(
      (a, b) => Number(a.tried) - Number(b.tried) || a.offset - b.offset,
    )
  }

  private each(name: string, look: (index: number) => void): void {
    const { tokens } = this
    for (const at of placesOf(tokens.code, name)) {
      const index = tokens.beginningAt(at)
      if (tokens.kind(index) === 'name' && tokens.is(index, name)) look(index)
    }
  }

  private add(index: number, what: string): void {
    const offset = this.tokens.start(index)
    if (!this.found.has(offset)) this.found.set(offset, { offset, what, tried: this.isTried(index) })
  }

  private evaluator(index: number): void {
    const { tokens } = this
    if (!this.isGlobal(index)) return
    const next = tokens.text(index + 1)
    if (next === '(') {
      if (this.isCalled(index)) this.add(index, 'eval')
    } else if (next === ')' && tokens.text(index + 2) === '(') this.add(index, 'eval')
    else this.alias(index, 'eval')
  }

  /**
   * `Function`, or the constructor of async functions or generators. `from` is the token at which the expression
   * begins.
   */
  private constructed(index: number, from: number, what: string): void {
    const { tokens } = this
    if (from === index && !this.isGlobal(index)) return
    const next = tokens.text(index + 1)
    if (next === '(') {
      if (this.isCalled(index)) this.add(index, what)
    } else if (next === ')' && tokens.text(index + 2) === '(') {
      if (tokens.text(index + 3) !== ')') this.add(index, what)
    } else if (
      next === '.' &&
      /^(?:apply|call)$/.test(tokens.text(index + 2)) &&
      tokens.text(index + 3) === '('
    )
      this.add(index, what)
    else if (tokens.text(from - 1) === '(' && tokens.text(from - 2) === 'construct') this.add(index, what)
    else this.alias(index, what, from)
  }

  /** `f.constructor("return 1")`, `Object.getPrototypeOf(async function () {}).constructor`. */
  private constructorOf(index: number): void {
    const { tokens } = this
    if (!/^\??\.$/.test(tokens.text(index - 1))) return
    if (tokens.text(index + 1) === '(' && /^(?:string|template)$/.test(tokens.kind(index + 2) ?? ''))
      return this.add(index, 'the constructor of a function')
    const opened = tokens.text(index - 2) === ')' ? tokens.partner(index - 2) : -1
    if (opened === -1) return
    for (let inside = opened + 1; inside < Math.min(index - 2, opened + 8); inside++) {
      const asynchronous = tokens.text(inside) === 'async'
      const generator = tokens.text(inside) === 'function' && tokens.text(inside + 1) === '*'
      if (asynchronous || generator) return this.constructed(index, this.begin(opened), 'new AsyncFunction')
    }
  }

  /** The token at which the callee `a.b` of a call begins. `opened` is the bracket of the call. */
  private begin(opened: number): number {
    let at = opened
    while (this.tokens.kind(at - 1) === 'name' || /^\??\.$/.test(this.tokens.text(at - 1))) at--
    return at
  }

  private timer(index: number, name: string): void {
    const { tokens } = this
    if (tokens.text(index + 1) !== '(' || !this.isGlobal(index)) return
    const text = tokens.kind(index + 2)
    if (text === 'string' || text === 'template') this.add(index, `${name} with a string`)
  }

  /** True for `window.eval`, false for `x.eval`, `{ eval: … }` and `function eval`. */
  private isGlobal(index: number): boolean {
    const { tokens } = this
    const before = tokens.text(index - 1)
    if (/^\??\.$/.test(before)) return GLOBALS.has(tokens.text(index - 2))
    if (/^(?:function|class|get|set|async|static|\*|typeof|instanceof|#)$/.test(before)) return false
    return !(tokens.text(index + 1) === ':' && /^[{,]$/.test(before))
  }

  /** True for a call with arguments, false for the definition of a method with that name. */
  private isCalled(index: number): boolean {
    const { tokens } = this
    const end = tokens.partner(index + 1)
    if (
      end === index + 2 ||
      IDLE_TEXT.test(tokens.code.slice(tokens.start(index + 2), tokens.start(index + 2) + 60))
    )
      return false
    return !(tokens.text(end + 1) === '{' && tokens.text(index - 1) !== 'new')
  }

  /** `const make = Function`, `{ F: Function }`: looks for calls under the other name. */
  private alias(index: number, what: string, from = index): void {
    const { tokens } = this
    let start = from
    while (tokens.text(start - 1) === '(') start--
    const sign = tokens.text(start - 1)
    const name = tokens.text(start - 2)
    if (!/^[=:]$/.test(sign) || !/^[\w$]+$/.test(name) || name === 'type') return
    if (!/^(?:[,;)}\]]|)$/.test(tokens.text(index + 1)) && !this.endsLine(index)) return
    // A property can be called from anywhere; a variable only inside the block that declares it.
    const member = sign === ':' || tokens.text(start - 3) === '.'
    const block = member ? -1 : this.blockOf(start)
    const last = block === -1 ? tokens.length : tokens.partner(block)
    for (let at = Math.max(block, 0); at < (last === -1 ? tokens.length : last); at++)
      if (tokens.is(at, name) && this.isAliasCall(at, member, block)) this.add(at, what)
  }

  private endsLine(index: number): boolean {
    const between = this.tokens.code.slice(this.tokens.start(index), this.tokens.start(index + 1))
    return between.includes('\n')
  }

  private isAliasCall(at: number, member: boolean, block: number): boolean {
    const { tokens } = this
    if (tokens.kind(at) !== 'name' || tokens.text(at + 1) !== '(' || !this.isCalled(at)) return false
    if ((tokens.text(at - 1) === '.') !== member) return false
    if (tokens.text(at - 1) === 'function' || this.isShadowed(at, block)) return false
    const literal = /^(?:string|template)$/.test(tokens.kind(at + 2) ?? '')
    const made = tokens.text((member ? this.begin(at) : at) - 1) === 'new'
    return literal || (made && tokens.text(at).length > 1) || (!member && block !== -1)
  }

  private blockOf(index: number): number {
    let at = this.tokens.parent(index)
    while (at !== -1 && this.tokens.text(at) !== '{') at = this.tokens.parent(at)
    return at
  }

  /** Whether a function between a place and the block of a variable has a parameter of the same name. */
  private isShadowed(index: number, block: number): boolean {
    const { tokens } = this
    const name = tokens.text(index)
    for (let at = this.blockOf(index); at !== block && at !== -1; at = this.blockOf(at)) {
      const close = tokens.text(at - 1) === '=>' ? at - 2 : at - 1
      if (tokens.text(close) === name) return true
      if (tokens.text(close) !== ')') continue
      for (let inside = tokens.partner(close) + 1; inside < close; inside++)
        if (tokens.text(inside) === name) return true
    }
    return false
  }

  private isTried(index: number): boolean {
    for (let at = this.blockOf(index); at !== -1; at = this.blockOf(at))
      if (this.tokens.text(at - 1) === 'try') return true
    return false
  }
}

/** Names that occur only in the code of a worker. */
const WORKER_TEXT = /postMessage|onmessage|importScripts/

/**
 * A worker created from a text has the policy of its page, and that text is a string in the script that creates
 * it.
 */
function inWorkerTexts(tokens: Tokens): EvalUse[] {
  const found: EvalUse[] = []
  for (let index = 0; index < tokens.length; index++) {
    const kind = tokens.kind(index)
    if (kind !== 'string' && kind !== 'template') continue
    if (!WORKER_TEXT.test(tokens.text(index)) || !mayEvaluate(tokens.text(index))) continue
    const [use] = evalUses(tokens.string(index) ?? '')
    if (use)
      found.push({ ...use, offset: tokens.start(index), what: `${use.what} (in the text of a worker)` })
  }
  return found
}

/**
 * Where a script turns text into code, the uses most likely to be blocked first. Strings, comments and regular
 * expressions are ignored, except for strings that contain the code of a worker.
 */
export function evalUses(code: string): EvalUse[] {
  if (!mayEvaluate(code)) return []
  const tokens = new Tokens(code)
  const own = new EvalSearch(tokens).run()
  if (!/\bWorker\s*\(/.test(code)) return own
  return [...own, ...inWorkerTexts(tokens)].toSorted((a, b) => Number(a.tried) - Number(b.tried))
}
