import { type Finding, finding } from '../../core/findings/index.ts'
import { requestPaths, UNKNOWN_PATH } from '../request-paths.ts'
import type { JsonNode } from './parse.ts'
import { type HeaderField, POLICY_HEADERS } from '../fields.ts'

const POLICY_NAMES = Object.values(POLICY_HEADERS).map((name) => name.toLowerCase())

/**
 * JSON has no comments to mark generated entries, so generated policies start with an empty directive: browsers ignore
 * it, nobody writes one by hand, and formatters keep it.
 * @see https://www.w3.org/TR/CSP3/#parse-serialized-policy (step 2.2)
 */
const MARK = '; '

export function marked(field: HeaderField): HeaderField {
  return POLICY_NAMES.includes(field.name.toLowerCase()) ? { ...field, value: MARK + field.value } : field
}

/** True if an earlier run wrote the header. */
export function isMarked({ name, value }: HeaderField): boolean {
  return POLICY_NAMES.includes(name.toLowerCase()) && value.startsWith(MARK)
}

/** A header in the user's host file. */
export interface PresentHeader {
  readonly name: string
  readonly value: string
  /** The path pattern of the header's rule. */
  readonly pattern: string
  readonly node: JsonNode
}

/**
 * True if a pattern may match a request. Compares only the text before the first special character and assumes that the
 * rest matches, so we need not replicate the pattern syntax of each host.
 */
export function mayCover(pattern: string, requestPath: string): boolean {
  const literal = /^[^*:?+@!(){}[\]\\|^$]*/.exec(pattern)?.[0] ?? ''
  if (literal === pattern) return pattern === requestPath
  return requestPath.startsWith(literal.startsWith('/') || literal === '' ? literal : `/${literal}`)
}

/** Reports the user's own headers that are also generated and apply to paths of pages. */
export function headerConflicts(
  headers: readonly PresentHeader[],
  names: ReadonlySet<string>,
  { file, text, pages }: { readonly file: string; readonly text: string; readonly pages: readonly string[] },
): Finding[] {
  const paths = [...pages.flatMap(requestPaths), UNKNOWN_PATH]
  return headers
    .filter((header) => names.has(header.name.toLowerCase()) && !isMarked(header))
    .filter(({ pattern }) => paths.some((path) => mayCover(pattern, path)))
    .map(({ name, pattern, node }) =>
      finding('header-conflict', { header: name, path: pattern }, { file, source: text, offset: node.start }),
    )
}
