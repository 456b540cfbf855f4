/**
 * The consequence of a problem.
 *
 * - `refused`: a browser blocks it.
 * - `unpinned`: a file runs whatever its bytes are, because no integrity covers it.
 * - `weak`: everything runs, but a policy or a pin does less than it seems to.
 */
export type Effect = 'refused' | 'unpinned' | 'weak'

/** The values that messages and hints are made from. */
export interface RefusalDetail {
  /** The refused URL or file, or the beginning of the refused text. */
  readonly subject: string
  /** The directive that blocks the subject; `delivery` tells how its policy arrived. */
  readonly directive?: string | undefined
  readonly delivery?: 'header' | 'meta' | undefined
  /** The file or script that requested the subject. */
  readonly importer?: string | undefined
  /** The value that would have been accepted. */
  readonly expected?: string | undefined
}

export interface RefusalRule {
  readonly effect: Effect
  readonly message: (detail: RefusalDetail) => string
  readonly hint?: (detail: RefusalDetail) => string
  readonly spec: string
}

export function by(detail: RefusalDetail): string {
  if (detail.directive === undefined) return ''
  return ` by ${detail.directive} of the policy in the ${detail.delivery ?? 'page'}`
}

export function from(detail: RefusalDetail): string {
  return detail.importer === undefined ? '' : `, which ${detail.importer} asks for,`
}

export function list(detail: RefusalDetail): string {
  return detail.expected === undefined
    ? ''
    : `List '${detail.expected}' in ${detail.directive ?? 'the policy'}.`
}

export const csp = (anchor: string) => `https://www.w3.org/TR/CSP3/#${anchor}`
export const html = (anchor: string) => `https://html.spec.whatwg.org/multipage/${anchor}`
export const sri = (anchor: string) => `https://www.w3.org/TR/SRI/#${anchor}`

export const blocked =
  (what: string) =>
  (detail: RefusalDetail): string =>
    `${what} ${detail.subject}${from(detail)} is blocked${by(detail)}.`

export function rule(
  effect: Effect,
  spec: string,
  message: RefusalRule['message'],
  hint?: RefusalRule['hint'],
): RefusalRule {
  return hint === undefined ? { effect, spec, message } : { effect, spec, message, hint }
}

export const fetchRule = (what: string, hint?: RefusalRule['hint']): RefusalRule =>
  rule('refused', csp('match-request-to-source-list'), blocked(what), hint)

export const inlineRule = (what: string, hint: RefusalRule['hint'] = list): RefusalRule =>
  rule('refused', csp('match-element-to-source-list'), blocked(what), hint)
