import { parseSourceList, type SourceList } from './source-list.ts'

/** One parsed policy: directive name, lower case → its source list. */
export type Directives = ReadonlyMap<string, SourceList>

const whitespace = /[\t\n\f\r ]+/

/**
 * One serialized policy, as in a `<meta>`. Names are case-insensitive; of a name that comes twice, the first counts.
 * @see https://www.w3.org/TR/CSP3/#parse-serialized-policy
 */
export function parsePolicy(serialized: string): Directives {
  const directives = new Map<string, SourceList>()
  for (const part of serialized.split(';')) {
    const [name, ...values] = part.split(whitespace).filter((token) => token !== '')
    if (name === undefined) continue
    const key = name.toLowerCase()
    if (!directives.has(key)) directives.set(key, parseSourceList(values))
  }
  return directives
}

/**
 * The value of a header: several policies, separated by commas, all enforced. Empty ones are dropped.
 * @see https://www.w3.org/TR/CSP3/#parse-response-csp
 */
export function parsePolicyHeader(value: string): { text: string; directives: Directives }[] {
  return value
    .split(',')
    .map((text) => ({ text: text.trim(), directives: parsePolicy(text) }))
    .filter((policy) => policy.directives.size > 0)
}
