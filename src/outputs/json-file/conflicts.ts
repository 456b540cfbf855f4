import { type Finding, finding } from '../../core/findings/index.ts'
import { requestPaths, UNKNOWN_PATH } from '../request-paths.ts'
import type { JsonNode } from './parse.ts'
import { type HeaderField, POLICY_HEADERS } from '../fields.ts'

const POLICY_NAMES = Object.values(POLICY_HEADERS).map((name) => name.toLowerCase())

/**
 * JSON has no comments to mark generated entries, so generated policies begin with an empty directive: browsers ignore
 * it, nobody writes one by hand, and formatters keep it.
 * @see https://www.w3.org/TR/CSP3/#parse-serialized-policy (step 2.2)
 */
const MARK = '; '

export function marked(field: HeaderField): HeaderField {
  return POLICY_NAMES.includes(field.name.toLowerCase()) ? { ...field, value: MARK + field.value } : field
}

/** Whether a header was written by an earlier run. */
export function isMarked({ name, value }: HeaderField): boolean {
  return POLICY_NAMES.includes(name.toLowerCase()) && value.startsWith(MARK)
}

/** A header that stands in the file of a host. */
export interface PresentHeader {
  readonly name: string
  readonly value: string
  /** The pattern of paths that it is for. */
  readonly pattern: string
  readonly node: JsonNode
}

/**
 * Whether a pattern may match a request. Only the text before its first special character is compared; the rest is
 * assumed to match, so that the matching of each host need not be imitated.
 */
export function mayCover(pattern: string, requestPath: string): boolean {
  const literal = /^[^*:?+@!(){}[\]\\|^$]*/.exec(pattern)?.[0] ?? ''
  if (literal === pattern) return pattern === requestPath
  return requestPath.startsWith(literal.startsWith('/') || literal === '' ? literal : `/${literal}`)
}

/** The user's own headers that are also generated, for paths that pages have. */
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
