import { decidingDirective, type DirectiveName } from '../csp/directives.ts'
import { trustKey } from '../csp/trust-key.ts'
import { serviceOf } from '../needs/services.ts'

/** Options that allow the blocked resource or code: a subset of the options of `cspHashes`. */
export interface Remedy {
  readonly directives?: Readonly<Record<string, readonly string[]>>
  readonly external?: Readonly<Record<string, true>>
  readonly unsafeHashes?: true
  readonly trustedTypes?: readonly string[]
}

/** The keys of `external` that allow a script: its origin, or only a path if anyone can publish on that origin. */
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

/** Sources that only the policy of the development server contains, not that of a build. */
const PASSING = /^'(?:nonce-|sha|report-sample|none)/

/**
 * The sources that must be added to a directive to allow an expression. If the policy lacks the directive, a new
 * one replaces its fallback, so it must repeat the fallback's sources.
 */
export function allowing(directive: DirectiveName, expression: string, policy: string): string[] {
  const directives = directivesOf(policy)
  const deciding = decidingDirective(directive, directives)
  if (deciding === undefined || deciding === directive) return [expression]
  // script-src trusts scripts by hash or through 'strict-dynamic'. Workers cannot be trusted that way, so allow
  // their origin.
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

/** Merges several remedies. */
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

/** Formats a remedy for pasting into a configuration; `undefined` if it is empty. */
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
