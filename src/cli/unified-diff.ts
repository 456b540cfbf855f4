import { FILE_HEADERS_ONLY, formatPatch, structuredPatch, type StructuredPatchHunk } from 'diff'

/** A minimal diff with more changed lines than this takes seconds to compute, so all lines are shown as replaced. */
const MOST_CHANGES = 1000

/** A diff that removes every line of one text and adds every line of the other. */
function replacement(before: string, after: string): StructuredPatchHunk[] {
  const [removed] = structuredPatch('', '', before, '', '', '').hunks
  const [added] = structuredPatch('', '', '', after, '', '').hunks
  if (!removed || !added) return [removed, added].filter((hunk) => hunk !== undefined)
  const { newStart, newLines } = added
  return [{ ...removed, newStart, newLines, lines: [...removed.lines, ...added.lines] }]
}

/** A unified diff for `patch`, empty if nothing changed. If `before` is `undefined`, the file is new. */
export function unifiedDiff(path: string, before: string | undefined, after: string): string {
  const names = [before === undefined ? '/dev/null' : `a/${path}`, `b/${path}`] as const
  const text = before ?? ''
  const found = structuredPatch(...names, text, after, '', '', { context: 3, maxEditLength: MOST_CHANGES })
  const patch = found ?? {
    ...structuredPatch(...names, '', '', '', ''),
    hunks: replacement(text, after),
  }
  return patch.hunks.length === 0 ? '' : formatPatch(patch, FILE_HEADERS_ONLY)
}
