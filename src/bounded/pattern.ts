import { type Program, programOf } from './program.ts'

/** The text that each named group captured. */
export type Captured = Readonly<Record<string, string>>

/**
 * A regular expression whose matching time is proportional to its own length times the length of the text. Each
 * lookahead is tried once per position.
 */
export interface Pattern {
  test(text: string): boolean
  exec(text: string): Captured | undefined
}

interface Thread {
  readonly step: number
  /** Positions in the text, by `begin name` and `end name` of a group. */
  readonly marks: ReadonlyMap<string, number>
}

const NO_MARKS: ReadonlyMap<string, number> = new Map()

/**
 * Compiles a regular expression to match without backtracking, so that no pattern from an untrusted file can hang a
 * run. A match gives the same result as with `RegExp`, including named groups. For `undefined`, see {@link programOf}.
 */
export function compilePattern(source: string, flags: 'i' | 'u' | 'iu' | '' = ''): Pattern | undefined {
  const program = programOf(source, flags)
  if (!program) return undefined
  const characters = (text: string): string[] => (flags.includes('u') ? [...text] : text.split(''))
  return {
    test: (text) => new Matcher(program, characters(text)).run(0, false) !== undefined,
    exec(text) {
      const parts = characters(text)
      const marks = new Matcher(program, parts).run(0, false)
      if (!marks) return undefined
      return Object.fromEntries(
        [...marks].flatMap(([mark, to]) => {
          const name = mark.startsWith('end ') ? mark.slice(4) : undefined
          const from = name === undefined ? undefined : marks.get(`begin ${name}`)
          return name === undefined || from === undefined ? [] : [[name, parts.slice(from, to).join('')]]
        }),
      )
    },
  }
}

/** Runs all threads of the program in parallel, in order of preference. Each step is entered once per position. */
class Matcher {
  private readonly aheads = new Map<string, boolean>()

  constructor(
    private readonly program: Program,
    private readonly text: readonly string[],
  ) {}

  /** The marks of the preferred match. With `anchored`, a match must start at `from`; otherwise at `from` or later. */
  run(from: number, anchored: boolean): ReadonlyMap<string, number> | undefined {
    let threads: Thread[] = []
    let found: ReadonlyMap<string, number> | undefined
    for (let at = from; at <= this.text.length; at++) {
      const entered = new Set<number>()
      const now: Thread[] = []
      for (const { step, marks } of threads) this.enter(step, at, marks, entered, now)
      if (!found && (at === from || !anchored)) this.enter(0, at, NO_MARKS, entered, now)
      threads = []
      const character = this.text[at]
      for (const { step, marks } of now) {
        const one = this.program[step]
        if (one?.kind === 'match') {
          found = marks
          // All later threads are less preferred.
          break
        }
        if (one?.kind === 'character' && character !== undefined && one.test(character))
          threads.push({ step: step + 1, marks })
      }
      if (threads.length === 0 && (found || (anchored && at >= from))) return found
    }
    return found
  }

  /** Follows the steps that consume no character. Uses an explicit stack, because programs may be long. */
  private enter(
    start: number,
    at: number,
    marks: ReadonlyMap<string, number>,
    entered: Set<number>,
    threads: Thread[],
  ): void {
    const open: Thread[] = [{ step: start, marks }]
    for (let thread = open.pop(); thread; thread = open.pop()) {
      const { step } = thread
      if (entered.has(step)) continue
      entered.add(step)
      const one = this.program[step]
      if (one === undefined) continue
      if (one.kind === 'character' || one.kind === 'match') threads.push(thread)
      else if (one.kind === 'split') open.push({ ...thread, step: one.to[1] }, { ...thread, step: one.to[0] })
      else if (one.kind === 'jump') open.push({ ...thread, step: one.to })
      else if (one.kind === 'mark')
        open.push({ step: step + 1, marks: new Map(thread.marks).set(`${one.edge} ${one.group}`, at) })
      else if (this.holds(one, step, at)) open.push({ ...thread, step: step + 1 })
    }
  }

  private holds(
    one: Extract<Program[number], { kind: 'start' | 'end' | 'boundary' | 'ahead' }>,
    step: number,
    at: number,
  ): boolean {
    switch (one.kind) {
      case 'start':
        return at === 0
      case 'end':
        return at === this.text.length
      case 'boundary':
        return (isWord(this.text[at - 1]) !== isWord(this.text[at])) === one.wanted
      case 'ahead': {
        const key = `${step} ${at}`
        const known = this.aheads.get(key)
        if (known !== undefined) return known
        const holds = (new Matcher(one.program, this.text).run(at, true) !== undefined) === one.wanted
        this.aheads.set(key, holds)
        return holds
      }
    }
  }
}

const isWord = (character: string | undefined): boolean => character !== undefined && /\w/.test(character)
