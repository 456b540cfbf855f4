import { type Pattern } from '../../bounded/pattern.ts'
import { type Header, type HostProblem, type HostReading, isPolicy, lastOfEach } from './host-file.ts'
import { isObject, lineOf, listOf } from './json.ts'

/** The syntax of a host's header rules. */
export interface RuleSyntax {
  readonly file: string
  /** The pattern of a rule as written and compiled; `matches` is `undefined` if we cannot read it. */
  pattern(rule: Readonly<Record<string, unknown>>): {
    readonly source: string
    readonly matches: Pattern | undefined
  }
  /** The reason why the file alone does not determine the headers of a rule; `undefined` if it does. */
  doubt(rule: Readonly<Record<string, unknown>>, headers: readonly Header[]): string | undefined
}

function headersOf(rule: Readonly<Record<string, unknown>>): Header[] {
  return listOf(rule['headers']).flatMap((one) => {
    if (!isObject(one)) return []
    const { key, value } = one
    return typeof key === 'string' && typeof value === 'string' ? [[key, value] as const] : []
  })
}

/** Reads a list of `{ source, headers: [{ key, value }] }`. For each header, the last matching rule wins. */
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
