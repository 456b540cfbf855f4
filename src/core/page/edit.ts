import { MagicString } from 'magic-string'
import type { Span } from '../site/model.ts'

/** One change to the source of a page, by offset into it. */
export type Edit =
  | { readonly kind: 'insert'; readonly offset: number; readonly text: string }
  | { readonly kind: 'replace'; readonly span: Span; readonly text: string }

/**
 * Applies edits to a text; all other text stays byte for byte. Offsets refer to the original text. Insertions at
 * the same offset keep their order, come before text that is replaced from that offset, and stay if the
 * surrounding text is removed.
 */
export function applyEdits(source: string, edits: readonly Edit[]): string {
  const text = new MagicString(source)
  // A removal would also remove text inserted before it, so insertions come last.
  for (const edit of edits) {
    if (edit.kind === 'insert') continue
    const { start, end } = edit.span
    if (edit.text === '') text.remove(start, end)
    else text.overwrite(start, end, edit.text)
  }
  for (const edit of edits) if (edit.kind === 'insert') text.appendLeft(edit.offset, edit.text)
  return text.toString()
}
