/**
 * The directives of CSP Level 3 and of the specifications that extend it.
 * @see https://www.w3.org/TR/CSP3/#csp-directives
 */

/** The kind of value that a directive takes. */
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
  /** Fallback for every fetch directive that the policy lacks. */
  'default-src': { value: 'sources' },
  /** Scripts: elements, handlers, `javascript:` URLs, `eval`, WebAssembly and, without `worker-src`, workers. */
  'script-src': { value: 'sources' },
  /** Script elements and imports only. */
  'script-src-elem': { value: 'sources' },
  /** Inline event handlers only. */
  'script-src-attr': { value: 'sources' },
  /** Stylesheets, `<style>` and style attributes. */
  'style-src': { value: 'sources' },
  /** Stylesheets and `<style>` only. */
  'style-src-elem': { value: 'sources' },
  /** Style attributes only. */
  'style-src-attr': { value: 'sources' },
  /** Images, icons and images that CSS loads. */
  'img-src': { value: 'sources' },
  /** Fonts that `@font-face` loads. */
  'font-src': { value: 'sources' },
  /**
   * Requests that scripts make: `fetch`, `XMLHttpRequest`, `WebSocket`, `EventSource`, `sendBeacon`; also
   * `<a ping>`.
   */
  'connect-src': { value: 'sources' },
  /** `<video>`, `<audio>` and `<track>`. */
  'media-src': { value: 'sources' },
  /** `<object>` and `<embed>`. */
  'object-src': { value: 'sources' },
  /** Documents in `<iframe>` and `<frame>`. */
  'frame-src': { value: 'sources' },
  /** Fallback for `frame-src` and `worker-src`. */
  'child-src': { value: 'sources' },
  /** Workers, shared workers and service workers. */
  'worker-src': { value: 'sources' },
  /** The web app manifest. */
  'manifest-src': { value: 'sources' },
  /** Documents in `<fencedframe>`. @see https://wicg.github.io/fenced-frame/#new-csp-directive */
  'fenced-frame-src': { value: 'sources' },
  /** URLs that `<base href>` may have. */
  'base-uri': { value: 'sources' },
  /** URLs that forms may be submitted to. `default-src` is not a fallback for it. */
  'form-action': { value: 'sources' },
  /** Pages that may embed this page in a frame. Ignored in a meta tag. */
  'frame-ancestors': { value: 'ancestors', ignoredInMeta: true },
  /**
   * Sandboxes the page as `<iframe sandbox>` does: a list of `allow-…` tokens, or `true` for an empty list.
   * Ignored in a meta tag.
   */
  sandbox: { value: 'tokens', ignoredInMeta: true },
  /** Upgrades `http:` URLs in the page to `https:`. @see https://www.w3.org/TR/upgrade-insecure-requests/ */
  'upgrade-insecure-requests': { value: 'none' },
  /**
   * `'script'`: sinks that turn text into script accept only values that a Trusted Types policy made.
   * @see https://www.w3.org/TR/trusted-types/
   */
  'require-trusted-types-for': { value: 'trusted-types-for' },
  /** Names of the Trusted Types policies that code may create; `'allow-duplicates'`, `'none'` or `*`. */
  'trusted-types': { value: 'trusted-types' },
  /** Name of the endpoint in `Reporting-Endpoints` that receives reports. Ignored in a meta tag. */
  'report-to': { value: 'tokens', ignoredInMeta: true },
  /** URLs that receive reports, for engines without `report-to`. Ignored in a meta tag. */
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
 * The fallbacks of a missing directive, the nearest first.
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

/** The directive that applies to requests of type `name`: `name` itself, or its nearest fallback that is present. */
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

/** Sorts directives into the order that CSP guides use, independent of the order in which the policy was built. */
export function writtenOrder(names: Iterable<string>): string[] {
  return [...names].toSorted((a, b) => rank(a) - rank(b))
}
