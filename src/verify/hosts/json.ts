import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser'
import { checkDepth } from '../../bounded/json.ts'
import { type HostProblem, type HostReading, lineAt } from './host-file.ts'

/**
 * Parses JSON with comments and trailing commas, which configuration files may have.
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

/** The result for a file that the host cannot parse, which makes the host refuse the deployment. */
export function unreadable(file: string, reason: string): HostReading {
  const problem: HostProblem = { file, line: 1, message: `${file} cannot be read: ${reason}.`, fatal: true }
  return { problems: [problem], headers: () => [] }
}

/** Parses a file; on a syntax error, returns the reading of a file that the host refuses. */
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

/** The line of a rule, found by its pattern. */
export function lineOf(text: string, pattern: string): number {
  const at = text.indexOf(JSON.stringify(pattern))
  return at < 0 ? 1 : lineAt(text, at)
}
