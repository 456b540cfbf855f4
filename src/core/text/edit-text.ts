import type { Span } from '../site/model.ts'

/** One change to a text, by offset into it. */
export type Edit =
  | { readonly kind: 'insert'; readonly offset: number; readonly text: string }
  | { readonly kind: 'replace'; readonly span: Span; readonly text: string }

interface Cut extends Span {
  readonly text: string
}

const cutOf = (edit: Edit): Cut =>
  edit.kind === 'insert'
    ? { start: edit.offset, end: edit.offset, text: edit.text }
    : { ...edit.span, text: edit.text }

/** What is put in at an offset stands before what is replaced from there on. */
const inOrder = (a: Cut, b: Cut): number =>
  a.start - b.start || Number(a.end > a.start) - Number(b.end > b.start)

/**
 * Applies edits in one pass: whatever none of them names stays as it is. Insertions at one offset keep their order, and
 * one inside of a span that is replaced stays. Offsets are those of the text as it was.
 */
export function editText(source: string, edits: readonly Edit[]): string {
  let text = ''
  let done = 0
  for (const cut of edits.map(cutOf).toSorted(inOrder)) {
    if (cut.start > done) text += source.slice(done, cut.start)
    text += cut.text
    done = Math.max(done, cut.end)
  }
  return text + source.slice(done)
}
