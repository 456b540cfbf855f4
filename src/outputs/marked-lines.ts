/** Marker comments around generated lines, in header files and in server snippets. */
export const BEGIN = '# csp-hashes:begin'
export const END = '# csp-hashes:end'

/** The marker that a line is; XML has comments of its own. */
const markerOf = (text: string): string => text.replace(/^<!-- (csp-hashes:\w+) -->$/, '# $1')

export interface Line {
  readonly start: number
  /** Behind the line break. */
  readonly end: number
  /** Without line break and surrounding white space. */
  readonly text: string
  /** Between the markers, or one of them. */
  readonly generated: boolean
}

/** Lines with their offsets. Only LF ends a line, as in the parsers of the hosts; a byte order mark stands before the first. */
export function linesOf(text: string): Line[] {
  const lines: Line[] = []
  let start = text.startsWith('\uFEFF') ? 1 : 0
  let generated = false
  while (start < text.length) {
    const lineBreak = text.indexOf('\n', start)
    const end = lineBreak === -1 ? text.length : lineBreak + 1
    const trimmed = text.slice(start, end).trim()
    if (markerOf(trimmed) === BEGIN) generated = true
    lines.push({ start, end, text: trimmed, generated })
    if (markerOf(trimmed) === END) generated = false
    start = end
  }
  return lines
}

/** The marker without a counterpart, with its offset. */
export function unbalancedMarker(
  text: string,
): { readonly marker: string; readonly offset: number } | undefined {
  let open: Line | undefined
  for (const line of linesOf(text)) {
    if (markerOf(line.text) === BEGIN) {
      if (open) return { marker: open.text, offset: open.start }
      open = line
    } else if (markerOf(line.text) === END) {
      if (!open) return { marker: line.text, offset: line.start }
      open = undefined
    }
  }
  return open && { marker: open.text, offset: open.start }
}

/** The text without generated regions. It is the exact inverse of {@link insertLines}. */
export function withoutRegions(text: string): string {
  const lines = linesOf(text)
  const first = lines[0]?.start ?? text.length
  const kept = lines.filter((line) => !line.generated)
  const own = text.slice(0, first) + kept.map((line) => text.slice(line.start, line.end)).join('')
  const last = lines.at(-1)
  // A region behind a file without a final line break brought one along.
  return last?.generated && !text.endsWith('\n') ? own.replace(/\r?\n$/, '') : own
}

/** The line break of a text: that of its first line. */
export function lineBreakOf(text: string): string {
  return /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n'
}

/** Inserts lines where a line begins or the text ends. */
export function insertLines(text: string, offset: number, lines: readonly string[]): string {
  const lineBreak = lineBreakOf(text)
  const before = text.slice(0, offset)
  const unfinished = before !== '' && before !== '\uFEFF' && !before.endsWith('\n')
  const inserted = lines.join(lineBreak)
  return before + (unfinished ? lineBreak + inserted : inserted + lineBreak) + text.slice(offset)
}
