import { FILE_HEADERS_ONLY, formatPatch, structuredPatch, type StructuredPatchHunk } from 'diff'

/** With more changed lines than this, all lines are shown as replaced: a shorter diff would take seconds to find. */
const MOST_CHANGES = 1000

/** Every line of one text, then every line of the other. */
function replacement(before: string, after: string): StructuredPatchHunk[] {
  const [removed] = structuredPatch('', '', before, '', '', '').hunks
  const [added] = structuredPatch('', '', '', after, '', '').hunks
  if (!removed || !added) return [removed, added].filter((hunk) => hunk !== undefined)
  const { newStart, newLines } = added
  return [{ ...removed, newStart, newLines, lines: [...removed.lines, ...added.lines] }]
}

/** A unified diff as `patch` reads it, empty where nothing changed; `undefined` before: the file is new. */
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
