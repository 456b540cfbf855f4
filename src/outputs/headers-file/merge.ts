import { parseBlocks } from './blocks.ts'
import { BEGIN, END, insertLines, withoutRegions } from '../marked-lines.ts'

/** Headers for a path pattern, each a line: `Name: value`, or `! Name`. */
export interface HeadersFileRule {
  readonly pattern: string
  readonly lines: readonly string[]
}

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`)

/**
 * The text with the rules in marked regions, in place of those of an earlier run; everything else stays byte for byte.
 *
 * A rule whose path the text already has goes into the last block of that path: on Cloudflare a further block would
 * replace it, and with it the user's headers. `/*` goes to the top, before whatever could add to it, others to the end.
 */
export function mergeRules(text: string, rules: readonly HeadersFileRule[]): string {
  const own = withoutRegions(text)
  const { blocks, stray } = parseBlocks(own)
  const appended: string[] = []
  const edits: { offset: number; lines: string[] }[] = []
  for (const { pattern, lines } of rules) {
    const block = blocks.findLast(({ key }) => key === pattern)
    if (block) edits.push({ offset: block.bodyStart, lines: indented([BEGIN, ...lines, END]) })
    else if (pattern === '/*') {
      const top = own.startsWith('\uFEFF') ? 1 : 0
      // Headers that stand before any path must not come to stand in this block.
      const offset = stray.length > 0 ? (blocks[0]?.start ?? own.length) : top
      edits.push({ offset, lines: [BEGIN, pattern, ...indented(lines), END] })
    } else appended.push(pattern, ...indented(lines))
  }
  if (appended.length > 0) edits.push({ offset: own.length, lines: [BEGIN, ...appended, END] })
  // From the end, so that offsets stay right.
  return edits
    .toReversed()
    .toSorted((a, b) => b.offset - a.offset)
    .reduce((merged, { offset, lines }) => insertLines(merged, offset, lines), own)
}
