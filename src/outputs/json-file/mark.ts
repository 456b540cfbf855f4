import { type HeaderField, POLICY_HEADERS } from '../fields.ts'

const POLICY_NAMES = Object.values(POLICY_HEADERS).map((name) => name.toLowerCase())

/**
 * JSON has no comments to mark what is generated. A policy that begins with an empty directive is: parsers pass over
 * it, nobody writes one by hand, and it outlives every formatter.
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
