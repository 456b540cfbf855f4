/**
 * The directives of CSP Level 3 and of the specifications that extend it.
 * @see https://www.w3.org/TR/CSP3/#csp-directives
 */

/** What the value of a directive is made of. */
type DirectiveValue =
  | 'sources'
  | 'ancestors'
  | 'tokens'
  | 'none'
  | 'urls'
  | 'trusted-types'
  | 'trusted-types-for'

interface DirectiveKind {
  readonly value: DirectiveValue
  /** Browsers ignore it in a `<meta>`. @see https://html.spec.whatwg.org/multipage/semantics.html#attr-meta-http-equiv-content-security-policy */
  readonly ignoredInMeta?: boolean
}

export const DIRECTIVES = {
  'default-src': { value: 'sources' },
  'script-src': { value: 'sources' },
  'script-src-elem': { value: 'sources' },
  'script-src-attr': { value: 'sources' },
  'style-src': { value: 'sources' },
  'style-src-elem': { value: 'sources' },
  'style-src-attr': { value: 'sources' },
  'img-src': { value: 'sources' },
  'font-src': { value: 'sources' },
  'connect-src': { value: 'sources' },
  'media-src': { value: 'sources' },
  'object-src': { value: 'sources' },
  'frame-src': { value: 'sources' },
  'child-src': { value: 'sources' },
  'worker-src': { value: 'sources' },
  'manifest-src': { value: 'sources' },
  'fenced-frame-src': { value: 'sources' },
  'base-uri': { value: 'sources' },
  'form-action': { value: 'sources' },
  'frame-ancestors': { value: 'ancestors', ignoredInMeta: true },
  sandbox: { value: 'tokens', ignoredInMeta: true },
  'upgrade-insecure-requests': { value: 'none' },
  'require-trusted-types-for': { value: 'trusted-types-for' },
  'trusted-types': { value: 'trusted-types' },
  'report-to': { value: 'tokens', ignoredInMeta: true },
  'report-uri': { value: 'urls', ignoredInMeta: true },
} as const satisfies Record<string, DirectiveKind>

export type DirectiveName = keyof typeof DIRECTIVES

export const DIRECTIVE_NAMES = Object.keys(DIRECTIVES) as DirectiveName[]

export function isDirectiveName(name: string): name is DirectiveName {
  return Object.hasOwn(DIRECTIVES, name)
}

export function isIgnoredInMeta(name: string): boolean {
  return isDirectiveName(name) && (DIRECTIVES[name] as DirectiveKind).ignoredInMeta === true
}

export function valueKind(name: DirectiveName): DirectiveValue {
  return DIRECTIVES[name].value
}

/**
 * The directives that decide where one is missing, the nearest first.
 * @see https://www.w3.org/TR/CSP3/#directive-fallback-list
 */
const FALLBACKS: { readonly [Name in DirectiveName]?: readonly DirectiveName[] } = {
  'script-src': ['default-src'],
  'script-src-elem': ['script-src', 'default-src'],
  'script-src-attr': ['script-src', 'default-src'],
  'style-src': ['default-src'],
  'style-src-elem': ['style-src', 'default-src'],
  'style-src-attr': ['style-src', 'default-src'],
  'img-src': ['default-src'],
  'font-src': ['default-src'],
  'connect-src': ['default-src'],
  'media-src': ['default-src'],
  'object-src': ['default-src'],
  'frame-src': ['child-src', 'default-src'],
  'child-src': ['default-src'],
  'worker-src': ['child-src', 'script-src', 'default-src'],
  'manifest-src': ['default-src'],
  'fenced-frame-src': ['frame-src', 'child-src', 'default-src'],
}

/** The directive that decides about what `name` would, in a policy that has the given ones. */
export function decidingDirective(
  name: DirectiveName,
  present: { has(directive: string): boolean },
): DirectiveName | undefined {
  return [name, ...(FALLBACKS[name] ?? [])].find((one) => present.has(one))
}

const FIRST = [
  'default-src',
  'script-src',
  'script-src-elem',
  'script-src-attr',
  'frame-ancestors',
  'form-action',
  'object-src',
  'base-uri',
]

function rank(name: string): number {
  const first = FIRST.indexOf(name)
  return first === -1 ? FIRST.length + (DIRECTIVE_NAMES as string[]).indexOf(name) : first
}

/** The order in which a policy is written: what guides show first comes first, whatever order it was built in. */
export function writtenOrder(names: Iterable<string>): string[] {
  return [...names].toSorted((a, b) => rank(a) - rank(b))
}
