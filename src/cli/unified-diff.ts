const CONTEXT = 3
/** Beyond so many steps two texts are shown as replaced altogether: no one reads a longer script of edits. */
const MOST_STEPS = 2000

interface Line {
  readonly sign: ' ' | '-' | '+'
  readonly text: string
}

/** Lines with the break that ends each. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

/** Myers' shortest script of edits, walked back over the furthest points of each step. */
function editScript(a: readonly string[], b: readonly string[]): Line[] {
  const trace: Map<number, number>[] = []
  const furthest = new Map<number, number>([[1, 0]])
  const reach = (k: number): number => furthest.get(k) ?? -1
  for (let steps = 0; steps <= Math.min(a.length + b.length, MOST_STEPS); steps++) {
    trace.push(new Map(furthest))
    for (let k = -steps; k <= steps; k += 2) {
      const down = k === -steps || (k !== steps && reach(k - 1) < reach(k + 1))
      let x = down ? reach(k + 1) : reach(k - 1) + 1
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++
      furthest.set(k, x)
      if (x >= a.length && x - k >= b.length) return walkBack(a, b, trace)
    }
  }
  return [
    ...a.map((text) => ({ sign: '-' as const, text })),
    ...b.map((text) => ({ sign: '+' as const, text })),
  ]
}

function walkBack(
  a: readonly string[],
  b: readonly string[],
  trace: readonly ReadonlyMap<number, number>[],
): Line[] {
  const lines: Line[] = []
  let [x, y] = [a.length, b.length]
  for (const [steps, furthest] of [...trace.entries()].toReversed()) {
    const reach = (k: number): number => furthest.get(k) ?? -1
    const k = x - y
    const down = k === -steps || (k !== steps && reach(k - 1) < reach(k + 1))
    const beforeX = steps === 0 ? 0 : down ? reach(k + 1) : reach(k - 1)
    const beforeY = steps === 0 ? 0 : beforeX - (down ? k + 1 : k - 1)
    while (x > beforeX && y > beforeY) {
      lines.push({ sign: ' ', text: a[x - 1] ?? '' })
      x--
      y--
    }
    if (steps === 0) break
    lines.push(down ? { sign: '+', text: b[y - 1] ?? '' } : { sign: '-', text: a[x - 1] ?? '' })
    ;[x, y] = [beforeX, beforeY]
  }
  return lines.toReversed()
}

const range = (start: number, count: number): string => `${count === 0 ? start : start + 1},${count}`

function hunk(lines: readonly Line[], from: number, to: number): string {
  const before = lines.slice(0, from)
  const body = lines.slice(from, to)
  const count = (part: readonly Line[], sign: '-' | '+'): number =>
    part.filter((line) => line.sign === ' ' || line.sign === sign).length
  const head = `@@ -${range(count(before, '-'), count(body, '-'))} +${range(count(before, '+'), count(body, '+'))} @@\n`
  return (
    head +
    body
      .map(
        ({ sign, text }) => `${sign}${text}${text.endsWith('\n') ? '' : '\n\\ No newline at end of file\n'}`,
      )
      .join('')
  )
}

/** A unified diff as `patch` reads it; `undefined` before: the file is new. */
export function unifiedDiff(path: string, before: string | undefined, after: string): string {
  const lines = editScript(linesOf(before ?? ''), linesOf(after))
  const changed = [...lines.entries()].filter(([, { sign }]) => sign !== ' ').map(([index]) => index)
  const hunks: string[] = []
  let [from, to] = [-1, -1]
  for (const index of changed) {
    if (from !== -1 && index - CONTEXT > to) {
      hunks.push(hunk(lines, from, to))
      from = -1
    }
    if (from === -1) from = Math.max(0, index - CONTEXT)
    to = Math.min(lines.length, index + CONTEXT + 1)
  }
  if (from !== -1) hunks.push(hunk(lines, from, to))
  return hunks.length === 0
    ? ''
    : `--- ${before === undefined ? '/dev/null' : `a/${path}`}\n+++ b/${path}\n${hunks.join('')}`
}
