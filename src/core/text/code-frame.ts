export interface Position {
  /** 1-based. */
  readonly line: number
  /** 1-based, in UTF-16 code units. */
  readonly column: number
}

const LINE_BREAK = /\r\n|\r|\n/
const CONTEXT_LINES = 2
const FRAME_WIDTH = 100

const isBreak = (source: string, at: number): boolean => source[at] === '\n' || source[at] === '\r'

/** Start of the line that contains an offset. */
function lineStart(source: string, offset: number): number {
  let start = offset
  while (start > 0 && !isBreak(source, start - 1)) start--
  return start
}

/**
 * Line and column of an offset; CRLF, CR and LF each end a line, as in HTML. A file may have thousands of
 * findings, so no list of its lines is built for each of them.
 */
export function positionOf(source: string, offset: number): Position {
  const at = Math.min(offset, source.length)
  const before = source.slice(0, at)
  let line = 1
  for (let end = before.indexOf('\n'); end !== -1; end = before.indexOf('\n', end + 1)) line++
  // A CR without LF is a line break too.
  if (before.includes('\r')) line += before.match(/\r(?!\n)/g)?.length ?? 0
  return { line, column: at - lineStart(source, at) + 1 }
}

/** The lines around a position, numbered, with a caret under the column. Minified lines are cut around the column. */
export function codeFrame(source: string, { line, column }: Position, offset: number): string {
  let start = lineStart(source, Math.min(offset, source.length))
  let first = line
  while (first > Math.max(1, line - CONTEXT_LINES)) {
    const end = start - (source.startsWith('\r\n', start - 2) ? 2 : 1)
    start = lineStart(source, end)
    first--
  }
  const lines: string[] = []
  const breaks = new RegExp(LINE_BREAK, 'g')
  for (let number = first; number <= line + CONTEXT_LINES && start <= source.length; number++) {
    breaks.lastIndex = start
    const end = breaks.exec(source)?.index ?? source.length
    lines.push(source.slice(start, end))
    start = end === source.length ? Number.POSITIVE_INFINITY : breaks.lastIndex
  }
  const gutter = String(first + lines.length - 1).length
  const from = column > FRAME_WIDTH ? column - FRAME_WIDTH / 2 : 0
  const frame: string[] = []
  for (const [index, whole] of lines.entries()) {
    const number = first + index
    const text = whole.slice(from, from + FRAME_WIDTH).replaceAll('\t', ' ')
    frame.push(`${number === line ? '>' : ' '} ${String(number).padStart(gutter)} | ${text}`.trimEnd())
    if (number === line)
      frame.push(`  ${' '.repeat(gutter)} | ${' '.repeat(Math.max(0, column - 1 - from))}^`)
  }
  return frame.join('\n')
}

/** The reverse of {@link positionOf}; returns the end of the text for a position after it. */
export function offsetAt(source: string, { line, column }: Position): number {
  let start = 0
  const breaks = new RegExp(LINE_BREAK, 'g')
  for (let number = 1; number < line; number++) {
    if (!breaks.exec(source)) return source.length
    start = breaks.lastIndex
  }
  return Math.min(start + column - 1, source.length)
}
