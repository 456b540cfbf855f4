import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser'
import { checkDepth } from '../../bounded/json.ts'
import { type HostProblem, type HostReading, lineAt } from './host-file.ts'

/**
 * JSON as configuration files have it: comments and commas at the end are passed over.
 * @throws SyntaxError
 */
export function parseJsonc(text: string): unknown {
  checkDepth(text)
  const errors: ParseError[] = []
  const value: unknown = parse(text.replace(/^\uFEFF/, ''), errors, { allowTrailingComma: true })
  const [first] = errors
  if (first)
    throw new SyntaxError(`${printParseErrorCode(first.error)} at line ${lineAt(text, first.offset)}`)
  return value
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** A file that its host cannot read: it refuses the deployment. */
export function unreadable(file: string, reason: string): HostReading {
  const problem: HostProblem = { file, line: 1, message: `${file} cannot be read: ${reason}.`, fatal: true }
  return { problems: [problem], headers: () => [] }
}

/** What a file holds, or that its host cannot read it. */
export function openJson(
  file: string,
  text: string,
  parse: (text: string) => unknown,
): { readonly root: unknown } | { readonly refused: HostReading } {
  try {
    return { root: parse(text) }
  } catch (error) {
    return { refused: unreadable(file, String(error instanceof Error ? error.message : error)) }
  }
}

/** Where a rule stands, by the pattern it is written with. */
export function lineOf(text: string, pattern: string): number {
  const at = text.indexOf(JSON.stringify(pattern))
  return at < 0 ? 1 : lineAt(text, at)
}
