import { type Pattern } from '../../bounded/pattern.ts'
import { type Header, type HostProblem, type HostReading, isPolicy, lastOfEach } from './host-file.ts'
import { isObject, lineOf, listOf } from './json.ts'

/** How a host writes the rules of its list. */
export interface RuleSyntax {
  readonly file: string
  /** The pattern of a rule, and what it matches; `undefined` where that cannot be told. */
  pattern(rule: Readonly<Record<string, unknown>>): {
    readonly source: string
    readonly matches: Pattern | undefined
  }
  /** Why the headers of a rule cannot be told from the file alone. */
  doubt(rule: Readonly<Record<string, unknown>>, headers: readonly Header[]): string | undefined
}

function headersOf(rule: Readonly<Record<string, unknown>>): Header[] {
  return listOf(rule['headers']).flatMap((one) => {
    if (!isObject(one)) return []
    const { key, value } = one
    return typeof key === 'string' && typeof value === 'string' ? [[key, value] as const] : []
  })
}

/** A list of `{ source, headers: [{ key, value }] }`, of which the last that matches decides, header by header. */
export function readRules(text: string, list: unknown, syntax: RuleSyntax): HostReading {
  const { file } = syntax
  const problems: HostProblem[] = []
  const rules = listOf(list).flatMap((rule) => {
    if (!isObject(rule)) return []
    const headers = headersOf(rule)
    const { source, matches } = syntax.pattern(rule)
    const doubt = matches ? syntax.doubt(rule, headers) : 'its pattern is none that can be read here'
    if (doubt === undefined && matches) return [{ matches, headers }]
    if (headers.some(([name]) => isPolicy(name))) {
      const message = `The policy for ${source} is not judged: ${doubt}.`
      problems.push({ file, line: lineOf(text, source), message, fatal: false })
    }
    return []
  })
  return {
    problems,
    headers: ({ path }) =>
      lastOfEach(rules.filter(({ matches }) => matches.test(path)).flatMap(({ headers }) => headers)),
  }
}
