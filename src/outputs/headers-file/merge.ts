import { parseBlocks } from './blocks.ts'
import { BEGIN, END, insertLines, withoutRegions } from '../marked-lines.ts'

/** Header lines for a path pattern, each `Name: value` or `! Name`. */
export interface HeadersFileRule {
  readonly pattern: string
  readonly lines: readonly string[]
}

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`)

/**
 * Inserts the rules into the text in marked regions, which replace those of an earlier run. Everything else stays
 * byte for byte.
 *
 * If the text already has a block for the path of a rule, the rule goes into the last such block: on Cloudflare,
 * another block would replace it and lose the user's headers. `/*` goes to the top, before any block that could add
 * to it; all other rules go to the end.
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
      // Header lines before the first path must not end up in this block.
      const offset = stray.length > 0 ? (blocks[0]?.start ?? own.length) : top
      edits.push({ offset, lines: [BEGIN, pattern, ...indented(lines), END] })
    } else appended.push(pattern, ...indented(lines))
  }
  if (appended.length > 0) edits.push({ offset: own.length, lines: [BEGIN, ...appended, END] })
  // Insert from the end, so that offsets stay valid.
  return edits
    .toReversed()
    .toSorted((a, b) => b.offset - a.offset)
    .reduce((merged, { offset, lines }) => insertLines(merged, offset, lines), own)
}
