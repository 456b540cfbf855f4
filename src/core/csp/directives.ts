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
  /** What decides wherever a fetch directive is missing. */
  'default-src': { value: 'sources' },
  /** Scripts: elements, handlers, `javascript:` URLs, `eval`, WebAssembly and, without `worker-src`, workers. */
  'script-src': { value: 'sources' },
  /** Script elements and imports alone. */
  'script-src-elem': { value: 'sources' },
  /** Inline event handlers alone. */
  'script-src-attr': { value: 'sources' },
  /** Stylesheets, `<style>` and style attributes. */
  'style-src': { value: 'sources' },
  /** Stylesheets and `<style>` alone. */
  'style-src-elem': { value: 'sources' },
  /** Style attributes alone. */
  'style-src-attr': { value: 'sources' },
  /** Images, icons and what CSS loads as an image. */
  'img-src': { value: 'sources' },
  /** Fonts that `@font-face` loads. */
  'font-src': { value: 'sources' },
  /** What scripts request: `fetch`, `XMLHttpRequest`, `WebSocket`, `EventSource`, `sendBeacon`; also `<a ping>`. */
  'connect-src': { value: 'sources' },
  /** `<video>`, `<audio>` and `<track>`. */
  'media-src': { value: 'sources' },
  /** `<object>` and `<embed>`. */
  'object-src': { value: 'sources' },
  /** Documents in `<iframe>` and `<frame>`. */
  'frame-src': { value: 'sources' },
  /** What decides about frames and workers that have no directive of their own. */
  'child-src': { value: 'sources' },
  /** Workers, shared workers and service workers. */
  'worker-src': { value: 'sources' },
  /** The web app manifest. */
  'manifest-src': { value: 'sources' },
  /** Documents in `<fencedframe>`. @see https://wicg.github.io/fenced-frame/#new-csp-directive */
  'fenced-frame-src': { value: 'sources' },
  /** What `<base href>` may be. */
  'base-uri': { value: 'sources' },
  /** Where forms may be sent. `default-src` does not stand in for it. */
  'form-action': { value: 'sources' },
  /** Which pages may frame this one. Ignored in a meta tag. */
  'frame-ancestors': { value: 'ancestors', ignoredInMeta: true },
  /** Sandboxes the page as `<iframe sandbox>` does: a list of `allow-…` tokens, `true` for none. Ignored in a meta tag. */
  sandbox: { value: 'tokens', ignoredInMeta: true },
  /** Requests `http:` URLs of the page over https. @see https://www.w3.org/TR/upgrade-insecure-requests/ */
  'upgrade-insecure-requests': { value: 'none' },
  /** `'script'`: sinks that make scripts out of text take values of a policy alone. @see https://www.w3.org/TR/trusted-types/ */
  'require-trusted-types-for': { value: 'trusted-types-for' },
  /** Names of the Trusted Types policies that may be created; `'allow-duplicates'`, `'none'` or `*`. */
  'trusted-types': { value: 'trusted-types' },
  /** Name of the endpoint in `Reporting-Endpoints` that takes reports. Ignored in a meta tag. */
  'report-to': { value: 'tokens', ignoredInMeta: true },
  /** URLs that take reports, for engines without `report-to`. Ignored in a meta tag. */
  'report-uri': { value: 'urls', ignoredInMeta: true },
} as const satisfies Record<string, DirectiveKind>

/** @see https://html.spec.whatwg.org/multipage/browsers.html#parse-a-sandboxing-directive */
export const SANDBOX_TOKENS: readonly string[] = [
  'allow-downloads',
  'allow-forms',
  'allow-modals',
  'allow-orientation-lock',
  'allow-pointer-lock',
  'allow-popups',
  'allow-popups-to-escape-sandbox',
  'allow-presentation',
  'allow-same-origin',
  'allow-scripts',
  'allow-storage-access-by-user-activation',
  'allow-top-navigation',
  'allow-top-navigation-by-user-activation',
  'allow-top-navigation-to-custom-protocols',
]

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
