/** Marker comments around generated lines, in header files and in server snippets. */
export const BEGIN = '# csp-hashes:begin'
export const END = '# csp-hashes:end'

/** Converts an XML marker comment to the `#` form; other lines stay as they are. */
const markerOf = (text: string): string => text.replace(/^<!-- (csp-hashes:\w+) -->$/, '# $1')

export interface Line {
  readonly start: number
  /** Offset after the line break. */
  readonly end: number
  /** The line without line break and surrounding white space. */
  readonly text: string
  /** True for the markers and every line between them. */
  readonly generated: boolean
}

/** Splits a text into lines. As in the parsers of the hosts, only LF ends a line. Skips a byte order mark. */
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

/** The first marker without a counterpart, with its offset. */
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

/** Removes generated regions from a text. This is the exact inverse of {@link insertLines}. */
export function withoutRegions(text: string): string {
  const lines = linesOf(text)
  const first = lines[0]?.start ?? text.length
  const kept = lines.filter((line) => !line.generated)
  const own = text.slice(0, first) + kept.map((line) => text.slice(line.start, line.end)).join('')
  const last = lines.at(-1)
  // If the file had no final line break, `insertLines` added one before the region, so remove it.
  return last?.generated && !text.endsWith('\n') ? own.replace(/\r?\n$/, '') : own
}

/** The line break of a text, judged by its first line. */
export function lineBreakOf(text: string): string {
  return /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n'
}

/** Inserts lines. The offset must be the start of a line or the end of the text. */
export function insertLines(text: string, offset: number, lines: readonly string[]): string {
  const lineBreak = lineBreakOf(text)
  const before = text.slice(0, offset)
  const unfinished = before !== '' && before !== '\uFEFF' && !before.endsWith('\n')
  const inserted = lines.join(lineBreak)
  return before + (unfinished ? lineBreak + inserted : inserted + lineBreak) + text.slice(offset)
}
