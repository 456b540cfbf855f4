export interface Position {
  /** 1-based. */
  readonly line: number
  /** 1-based, in UTF-16 code units. */
  readonly column: number
}

const LINE_BREAK = /\r\n|\r|\n/
const CONTEXT_LINES = 2
const FRAME_WIDTH = 100

/** Line and column of an offset; CRLF, CR and LF each end a line, as in HTML. */
export function positionOf(source: string, offset: number): Position {
  const lines = source.slice(0, offset).split(LINE_BREAK)
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 }
}

/** The lines around a position, numbered, with a caret under the column. Minified lines are cut around the column. */
export function codeFrame(source: string, { line, column }: Position): string {
  const lines = source.split(LINE_BREAK)
  const first = Math.max(1, line - CONTEXT_LINES)
  const last = Math.min(lines.length, line + CONTEXT_LINES)
  const gutter = String(last).length
  const from = column > FRAME_WIDTH ? column - FRAME_WIDTH / 2 : 0
  const frame: string[] = []
  for (let number = first; number <= last; number++) {
    const text = (lines[number - 1] ?? '').slice(from, from + FRAME_WIDTH).replaceAll('\t', ' ')
    frame.push(`${number === line ? '>' : ' '} ${String(number).padStart(gutter)} | ${text}`.trimEnd())
    if (number === line)
      frame.push(`  ${' '.repeat(gutter)} | ${' '.repeat(Math.max(0, column - 1 - from))}^`)
  }
  return frame.join('\n')
}

/** The reverse of {@link positionOf}; the end of the text for a position behind it. */
export function offsetAt(source: string, { line, column }: Position): number {
  let start = 0
  const breaks = new RegExp(LINE_BREAK, 'g')
  for (let number = 1; number < line; number++) {
    if (!breaks.exec(source)) return source.length
    start = breaks.lastIndex
  }
  return Math.min(start + column - 1, source.length)
}
