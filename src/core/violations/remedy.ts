import { decidingDirective, type DirectiveName } from '../csp/directives.ts'
import { trustKey } from '../csp/trust-key.ts'
import { serviceOf } from '../needs/services.ts'

/** Options that let what was refused: a part of what `cspHashes` takes. */
export interface Remedy {
  readonly directives?: Readonly<Record<string, readonly string[]>>
  readonly external?: Readonly<Record<string, true>>
  readonly unsafeHashes?: true
  readonly trustedTypes?: readonly string[]
}

/** The keys of `external` that let a script in: its origin, or a part of one that hosts everybody's scripts. */
export function externalKeys(url: URL): readonly string[] {
  return serviceOf(url.href)?.external ?? [trustKey(url)]
}

/** The directives of a serialised policy. @see https://www.w3.org/TR/CSP3/#parse-serialized-policy */
function directivesOf(policy: string): Map<string, string[]> {
  const directives = new Map<string, string[]>()
  for (const part of policy.split(';')) {
    const [name = '', ...sources] = part.trim().split(/\s+/)
    if (name !== '' && !directives.has(name.toLowerCase())) directives.set(name.toLowerCase(), sources)
  }
  return directives
}

/** Sources of a development server's own policy that no build would have. */
const PASSING = /^'(?:nonce-|sha|report-sample|none)/

/**
 * The sources that a directive needs so that one more is allowed: a directive that stands in a policy for the first time
 * takes the place of the one it fell back to, so it begins with what that one allows.
 */
export function allowing(directive: DirectiveName, expression: string, policy: string): string[] {
  const directives = directivesOf(policy)
  const deciding = decidingDirective(directive, directives)
  if (deciding === undefined || deciding === directive) return [expression]
  // What script-src trusts is trusted by hash or on the way, which workers are not: theirs is the origin.
  const inherited =
    deciding === 'script-src'
      ? ["'self'"]
      : (directives.get(deciding) ?? []).filter((source) => !PASSING.test(source))
  return [...new Set([...inherited, expression])]
}

function mergedLists(
  first: Readonly<Record<string, readonly string[]>>,
  second: Readonly<Record<string, readonly string[]>>,
): Record<string, readonly string[]> {
  const merged: Record<string, readonly string[]> = { ...first }
  for (const [name, sources] of Object.entries(second))
    merged[name] = [...new Set([...(merged[name] ?? []), ...sources])]
  return merged
}

/** Several remedies as one. */
export function mergeRemedies(remedies: Iterable<Remedy>): Remedy {
  let merged: Remedy = {}
  for (const { directives, external, unsafeHashes, trustedTypes } of remedies) {
    merged = {
      ...merged,
      ...(directives && { directives: mergedLists(merged.directives ?? {}, directives) }),
      ...(external && { external: { ...merged.external, ...external } }),
      ...(unsafeHashes && { unsafeHashes }),
      ...(trustedTypes && { trustedTypes: [...new Set([...(merged.trustedTypes ?? []), ...trustedTypes])] }),
    }
  }
  return merged
}

const quoted = (text: string): string => (text.includes("'") ? JSON.stringify(text) : `'${text}'`)
const list = (values: readonly string[]): string => `[${values.map(quoted).join(', ')}]`

/** A remedy as it is pasted into a configuration; `undefined` where there is nothing to paste. */
export function remedyText({ directives, external, unsafeHashes, trustedTypes }: Remedy): string | undefined {
  const lines = [
    ...record('directives', directives, (sources) => list(sources)),
    ...record('external', external, String),
    ...(unsafeHashes ? ['  unsafeHashes: true,'] : []),
    ...(trustedTypes ? [`  trustedTypes: ${list(trustedTypes)},`] : []),
  ]
  return lines.length === 0 ? undefined : ['cspHashes({', ...lines, '})'].join('\n')
}

function record<Value>(
  name: string,
  values: Readonly<Record<string, Value>> | undefined,
  text: (value: Value) => string,
): string[] {
  if (!values) return []
  const entries = Object.entries(values).map(([key, value]) => `    ${quoted(key)}: ${text(value)},`)
  return [`  ${name}: {`, ...entries, '  },']
}
