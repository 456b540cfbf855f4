import { MagicString } from 'magic-string'
import type { Span } from '../site/model.ts'

/** One change to the source of a page, by offset into it. */
export type Edit =
  | { readonly kind: 'insert'; readonly offset: number; readonly text: string }
  | { readonly kind: 'replace'; readonly span: Span; readonly text: string }

/**
 * Applies edits to a text: whatever none of them names stays byte for byte. Offsets are those of the text as it was.
 * Insertions at one offset keep their order, stand before what is replaced from there on, and stay where the text around
 * them is removed.
 */
export function applyEdits(source: string, edits: readonly Edit[]): string {
  const text = new MagicString(source)
  // A removal takes along what was inserted before it.
  for (const edit of edits) {
    if (edit.kind === 'insert') continue
    const { start, end } = edit.span
    if (edit.text === '') text.remove(start, end)
    else text.overwrite(start, end, edit.text)
  }
  for (const edit of edits) if (edit.kind === 'insert') text.appendLeft(edit.offset, edit.text)
  return text.toString()
}
