import { linesOf } from '../marked-lines.ts'

export interface HeaderLine {
  readonly name: string
  /** `undefined`: the line removes the header (`! Name`). */
  readonly value: string | undefined
  readonly offset: number
}

/** The headers of the user for a path. */
export interface HeaderBlock {
  /** As written. */
  readonly path: string
  /** Encoded, so that two spellings of one path are the same. */
  readonly key: string
  readonly offset: number
  /** Where its line begins. */
  readonly start: number
  /** Where the line after the path begins. */
  readonly bodyStart: number
  readonly headers: readonly HeaderLine[]
}

export interface HeaderBlocks {
  readonly blocks: readonly HeaderBlock[]
  /** Header lines before any path. */
  readonly stray: readonly HeaderLine[]
}

/** Whether a line (without white space around it) begins a rule. */
export function isPathLine(line: string): boolean {
  return /^(?:\/|[^\s]+:\/\/)/.test(line)
}

/** A path pattern as Cloudflare keys it; other spellings of the same path fall together. */
export function patternKey(pattern: string): string {
  const [, origin = '', path = pattern] = /^(https:\/\/+[^/]+)(.*)$/.exec(pattern) ?? []
  const url = `https://host${path}`
  return URL.canParse(url) ? origin + new URL(url).pathname : pattern
}

function headerLine(text: string, offset: number): HeaderLine | undefined {
  const removed = /^!\s+([^:]+)$/.exec(text)?.[1]
  if (removed !== undefined) return { name: removed.trim(), value: undefined, offset }
  const colon = text.indexOf(':')
  if (colon < 1) return undefined
  return { name: text.slice(0, colon).trim(), value: text.slice(colon + 1).trim(), offset }
}

/** The user's own rules of a `_headers` file; generated regions are passed over. */
export function parseBlocks(text: string): HeaderBlocks {
  const blocks: (HeaderBlock & { headers: HeaderLine[] })[] = []
  const stray: HeaderLine[] = []
  for (const { start, end, text: line, generated } of linesOf(text)) {
    if (generated || line === '' || line.startsWith('#')) continue
    const offset = start + text.slice(start, end).search(/\S/)
    if (isPathLine(line)) {
      blocks.push({ path: line, key: patternKey(line), offset, start, bodyStart: end, headers: [] })
      continue
    }
    const header = headerLine(line, offset)
    if (header) (blocks.at(-1)?.headers ?? stray).push(header)
  }
  return { blocks, stray }
}
