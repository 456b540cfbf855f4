import { linesOf } from '../marked-lines.ts'

export interface HeaderLine {
  readonly name: string
  /** `undefined` if the line removes the header (`! Name`). */
  readonly value: string | undefined
  readonly offset: number
}

/** The user's headers for a path. */
export interface HeaderBlock {
  /** The path as written. */
  readonly path: string
  /** The encoded path, so that two spellings of the same path are equal. */
  readonly key: string
  readonly offset: number
  /** Offset of the start of the path line. */
  readonly start: number
  /** Offset of the line after the path line. */
  readonly bodyStart: number
  readonly headers: readonly HeaderLine[]
}

export interface HeaderBlocks {
  readonly blocks: readonly HeaderBlock[]
  /** Header lines before any path. */
  readonly stray: readonly HeaderLine[]
}

/** True if a trimmed line starts a rule. */
export function isPathLine(line: string): boolean {
  return /^(?:\/|[^\s]+:\/\/)/.test(line)
}

/** Normalizes a path pattern the way Cloudflare does, so that all spellings of a path have the same key. */
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

/** Parses the user's own rules in a `_headers` file and skips generated regions. */
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
