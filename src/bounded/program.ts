/** One instruction of a program that matches a text from left to right. */
export type Step =
  | { readonly kind: 'character'; readonly test: (character: string) => boolean }
  /** Both branches are followed; the first is preferred. */
  | { readonly kind: 'split'; readonly to: readonly [number, number] }
  | { readonly kind: 'jump'; readonly to: number }
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'boundary'; readonly wanted: boolean }
  /** A lookahead: the text ahead must match if `wanted`, and must not match otherwise. */
  | { readonly kind: 'ahead'; readonly program: Program; readonly wanted: boolean }
  /** Records the position at which a named group begins or ends. */
  | { readonly kind: 'mark'; readonly group: string; readonly edge: 'begin' | 'end' }
  | { readonly kind: 'match' }

export type Program = readonly Step[]

/** The maximum length of a program. Counted repetitions are unrolled, so a program could become very long. */
const MOST_STEPS = 10_000
const DEEPEST = 100

class Unsupported extends Error {}

/**
 * Compiles a regular expression to a program. `undefined` if JavaScript rejects it, if it needs backtracking
 * (backreferences, lookbehind), or if it is too large.
 */
export function programOf(source: string, flags: 'i' | 'u' | 'iu' | ''): Program | undefined {
  if (source.length > MOST_STEPS) return undefined
  try {
    // Throws for a pattern that JavaScript itself rejects.
    void new RegExp(source, flags)
    return new Parser(source, flags).program()
  } catch {
    return undefined
  }
}

/** Matches a single-character atom with a native `RegExp`, which cannot backtrack on one character. */
function characterTest(atom: string, flags: string): (character: string) => boolean {
  const expression = new RegExp(`^(?:${atom})$`, flags)
  return (character) => expression.test(character)
}

/** Copies steps to another position and adjusts their jump targets. */
function moved(steps: readonly Step[], by: number): Step[] {
  return steps.map((step) => {
    if (step.kind === 'jump') return { ...step, to: step.to + by }
    return step.kind === 'split' ? { ...step, to: [step.to[0] + by, step.to[1] + by] } : step
  })
}

class Parser {
  private at = 0
  private depth = 0

  constructor(
    private readonly source: string,
    private readonly flags: string,
  ) {}

  program(): Program {
    const steps = this.alternatives()
    if (this.at < this.source.length) throw new Unsupported()
    return [...steps, { kind: 'match' }]
  }

  /** Jump targets in the result are relative to its start. */
  private alternatives(): Step[] {
    if (++this.depth > DEEPEST) throw new Unsupported()
    let steps = this.sequence()
    while (this.take('|')) {
      const other = this.sequence()
      const first: Step = { kind: 'split', to: [1, steps.length + 2] }
      const over: Step = { kind: 'jump', to: steps.length + other.length + 2 }
      steps = bounded([first, ...moved(steps, 1), over, ...moved(other, steps.length + 2)])
    }
    this.depth--
    return steps
  }

  private sequence(): Step[] {
    const steps: Step[] = []
    while (this.at < this.source.length && this.source[this.at] !== '|' && this.source[this.at] !== ')')
      steps.push(...moved(this.repeated(this.atom()), steps.length))
    return bounded(steps)
  }

  private repeated(steps: Step[]): Step[] {
    const [text, symbol, least, comma, most] =
      /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})/.exec(this.source.slice(this.at, this.at + 24)) ?? []
    if (text === undefined) return steps
    this.at += text.length
    const lazy = this.take('?')
    const from = symbol === undefined ? Number(least) : symbol === '+' ? 1 : 0
    const open = symbol === undefined ? comma !== undefined && most === '' : symbol !== '?'
    const to = symbol === undefined ? Number(comma === undefined ? least : most) : 1
    if ((Math.max(from, open ? 0 : to) + 1) * (steps.length + 1) > MOST_STEPS) throw new Unsupported()
    const all: Step[] = []
    for (let count = 0; count < from; count++) all.push(...moved(steps, all.length))
    if (open) {
      const start = all.length
      const over = start + steps.length + 2
      all.push(choice(start + 1, over, lazy), ...moved(steps, start + 1), { kind: 'jump', to: start })
    } else {
      const end = all.length + (to - from) * (steps.length + 1)
      for (let count = from; count < to; count++)
        all.push(choice(all.length + 1, end, lazy), ...moved(steps, all.length + 1))
    }
    return all
  }

  private atom(): Step[] {
    const character = this.source[this.at] ?? ''
    switch (character) {
      case '(':
        return this.group()
      case '^':
        this.at++
        return [{ kind: 'start' }]
      case '$':
        this.at++
        return [{ kind: 'end' }]
      case '[':
        return this.single(/\[(?:[^\]\\]|\\[^])*\]/y)
      case '\\':
        if (/[bB]/.test(this.source[this.at + 1] ?? '')) {
          const wanted = this.source[this.at + 1] === 'b'
          this.at += 2
          return [{ kind: 'boundary', wanted }]
        }
        if (/[1-9k]/.test(this.source[this.at + 1] ?? '')) throw new Unsupported()
        return this.single(/\\(?:x[\da-f]{2}|u\{[\da-f]+\}|u[\da-f]{4}|c[a-z]|[pP]\{[^}]*\}|[^])/iy)
      default:
        return this.single(/[^]/uy)
    }
  }

  private single(token: RegExp): Step[] {
    token.lastIndex = this.at
    const text = token.exec(this.source)?.[0]
    if (text === undefined) throw new Unsupported()
    this.at += text.length
    // Without the `u` flag, an unpaired `{`, `}` or `]` is a literal character.
    const atom = /^[{}\]]$/.test(text) ? `\\${text}` : text
    return [{ kind: 'character', test: characterTest(atom, this.flags) }]
  }

  private group(): Step[] {
    const [opening = '', , ahead, name] =
      /^\((\?:|\?([=!])|\?<([A-Za-z_$][\w$]*)>|(?!\?))/.exec(this.source.slice(this.at, this.at + 200)) ?? []
    if (opening === '') throw new Unsupported()
    this.at += opening.length
    const steps = this.alternatives()
    if (!this.take(')')) throw new Unsupported()
    if (ahead !== undefined)
      return [{ kind: 'ahead', program: [...steps, { kind: 'match' }], wanted: ahead === '=' }]
    if (name === undefined) return steps
    return [
      { kind: 'mark', group: name, edge: 'begin' },
      ...moved(steps, 1),
      { kind: 'mark', group: name, edge: 'end' },
    ]
  }

  private take(character: string): boolean {
    if (this.source[this.at] !== character) return false
    this.at++
    return true
  }
}

function choice(into: number, over: number, lazy: boolean): Step {
  return { kind: 'split', to: lazy ? [over, into] : [into, over] }
}

function bounded(steps: Step[]): Step[] {
  if (steps.length > MOST_STEPS) throw new Unsupported()
  return steps
}
