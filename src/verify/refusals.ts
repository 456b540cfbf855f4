import type { Engine } from './engines.ts'
import {
  by,
  blocked,
  csp,
  fetchRule,
  from,
  html,
  inlineRule,
  list,
  rule,
  sri,
  type Effect,
  type RefusalDetail,
  type RefusalRule,
} from './refusal-rule.ts'

const unsafeHashes = (detail: RefusalDetail): string =>
  `A hash counts here only beside 'unsafe-hashes'; better take it out of the markup (${detail.directive ?? 'policy'}).`

/** Every code with its effect, its message and the section of the specification. */
const table = {
  'inline-script-blocked': inlineRule('The inline script'),
  'template-script-blocked': rule(
    'weak',
    csp('match-element-to-source-list'),
    (d) => `The inline script ${d.subject} inside a <template> is blocked${by(d)} once it is cloned.`,
    list,
  ),
  'import-map-blocked': inlineRule('The import map'),
  'speculation-rules-blocked': inlineRule('The speculation rules'),
  'handler-blocked': inlineRule('The event handler', unsafeHashes),
  'javascript-url-blocked': inlineRule('The URL', unsafeHashes),
  'inline-style-blocked': inlineRule('The inline style'),
  'style-attribute-blocked': inlineRule('The style attribute', unsafeHashes),
  'external-script-blocked': fetchRule('The script', (d) =>
    d.expected === undefined ? `Allow its URL in ${d.directive ?? 'the policy'}.` : list(d),
  ),
  'data-url-script-blocked': fetchRule('The data: script', list),
  'import-blocked': fetchRule('The module'),
  'parser-inserted-import': rule(
    'refused',
    'https://github.com/w3c/webappsec-csp/issues/823',
    (d) =>
      `The module ${d.subject}${from(d)} is blocked${by(d)}: 'strict-dynamic' does not reach the imports of a script that stands in the page.`,
    () => 'It needs its hash in the policy and the same hash under "integrity" of the import map.',
  ),
  'preload-dependent-import': rule(
    'weak',
    html('webappapis.html#module-map'),
    (d) =>
      `The module ${d.subject}${from(d)} runs only because a modulepreload comes first; alone it is blocked${by(d)}.`,
    () => 'It needs its hash in the policy and the same hash under "integrity" of the import map.',
  ),
  'import-unresolved': rule(
    'refused',
    html('webappapis.html#resolve-a-module-specifier'),
    (d) => `The specifier ${d.subject}${from(d)} cannot be resolved: no import map names it.`,
  ),
  'modulepreload-blocked': fetchRule('The modulepreload of'),
  'preload-blocked': fetchRule('The preload of'),
  'stylesheet-blocked': fetchRule(
    'The stylesheet',
    () => 'No hash allows a stylesheet by URL: list its host.',
  ),
  'worker-blocked': fetchRule('The worker'),
  'frame-blocked': fetchRule('The frame'),
  'image-blocked': fetchRule('The image'),
  'media-blocked': fetchRule('The media'),
  'object-blocked': fetchRule('The object'),
  'font-blocked': fetchRule('The font'),
  'manifest-blocked': fetchRule('The manifest'),
  'form-action-blocked': rule('refused', csp('directive-form-action'), blocked('The form target')),
  'base-blocked': rule(
    'refused',
    csp('directive-base-uri'),
    (d) =>
      `<base href="${d.subject}"> is refused by base-uri, so browsers ignore it and resolve every relative URL against the page.`,
  ),
  'sandboxed-scripts': rule(
    'refused',
    csp('directive-sandbox'),
    () => `No script of the page runs: sandbox of the policy in the header lacks allow-scripts.`,
  ),
  'integrity-policy-blocked': rule(
    'refused',
    sri('integrity-policy'),
    (d) =>
      `The script ${d.subject}${from(d)} is blocked by Integrity-Policy: the engine sees no integrity for it.`,
  ),
  'integrity-mismatch': rule(
    'refused',
    sri('does-response-match-metadatalist'),
    (d) => `The bytes of ${d.subject}${from(d)} do not match its integrity, so browsers refuse the file.`,
    (d) =>
      d.expected === undefined
        ? ''
        : `The file is ${d.expected}: it was changed after hashing, or the pin is stale.`,
  ),
  'integrity-missing': rule(
    'unpinned',
    sri('integrity-metadata'),
    (d) => `${d.subject}${from(d)} runs whatever its bytes are: no integrity covers it.`,
  ),
  'integrity-invalid': rule(
    'weak',
    sri('parse-metadata'),
    (d) => `The integrity of ${d.subject} holds no hash that a browser knows, so nothing is checked.`,
  ),
  'integrity-needs-cors': rule(
    'refused',
    sri('cross-origin-data-leakage'),
    (d) => `${d.subject} comes from another origin and has integrity, but no crossorigin attribute.`,
    () => 'Add crossorigin="anonymous".',
  ),
  'integrity-stale': rule('weak', html('webappapis.html#import-map'), (d) =>
    d.expected === undefined
      ? `The import map pins ${d.subject}, and there is no such file.`
      : `The import map pins ${d.subject} to other bytes than it has (${d.expected}).`,
  ),
  'file-missing': rule(
    'refused',
    html('urls-and-fetching.html'),
    (d) => `There is no file ${d.subject}${from(d)} in the site, so browsers cannot load it.`,
  ),
  'policy-missing': rule(
    'weak',
    csp('meta-element'),
    () => 'No enforced policy restricts the scripts of this page.',
  ),
  'inline-script-allowed': rule(
    'weak',
    csp('allow-all-inline'),
    () => 'The policy lets any inline script run, injected ones too.',
  ),
  'handler-allowed': rule(
    'weak',
    csp('allow-all-inline'),
    () => 'The policy lets any event handler in the markup run.',
  ),
  'foreign-script-allowed': rule(
    'weak',
    csp('match-url-to-source-list'),
    (d) => `The policy lets a script tag load ${d.subject} from any origin.`,
    () => "Add a second policy: script-src-elem 'self' 'unsafe-inline'.",
  ),
  'base-open': rule(
    'weak',
    csp('directive-base-uri'),
    () => 'No policy restricts <base>: an injected one redirects every relative URL.',
    () => "Add base-uri 'none'.",
  ),
  'policy-after-content': rule(
    'weak',
    html('semantics.html#attr-meta-http-equiv-content-security-policy'),
    (d) => `${d.subject} stands before the policy, which does not govern it.`,
    () => 'Put the policy right behind <meta charset>.',
  ),
  'policy-in-body': rule(
    'weak',
    html('semantics.html#attr-meta-http-equiv-content-security-policy'),
    () => 'A policy outside <head> is ignored.',
  ),
  'policy-comma': rule(
    'weak',
    csp('parse-serialized-policy'),
    () => 'A comma in the policy of a meta: some engines split there, others do not.',
    () => 'Write two meta elements.',
  ),
  'meta-directive-ignored': rule(
    'weak',
    csp('meta-element'),
    (d) => `Browsers ignore ${d.subject} in a meta tag.`,
  ),
  'source-invalid': rule(
    'weak',
    csp('grammardef-source-expression'),
    (d) => `${d.subject} is no source expression and is ignored.`,
  ),
  'hash-unused': rule(
    'weak',
    csp('grammardef-hash-source'),
    (d) =>
      `${d.subject} in ${d.directive ?? 'the policy'} fits nothing in the site: stale, or written wrongly.`,
  ),
  'fence-broken': rule(
    'refused',
    csp('allow-all-inline'),
    (d) =>
      `${d.subject} in ${d.directive ?? 'the policy'} turns 'unsafe-inline' off beside it, so inline scripts do not run.`,
    () => "Keep hashes and nonces out of a policy that relies on 'unsafe-inline'.",
  ),
  'import-map-late': rule(
    'refused',
    html('webappapis.html#import-map-processing-model'),
    () => 'The import map comes after a module script or a modulepreload, and is ignored.',
    () => 'Put it before the first of them.',
  ),
  'import-map-second': rule(
    'refused',
    html('webappapis.html#import-map-processing-model'),
    () => 'A second import map is ignored.',
    () => 'Merge the two.',
  ),
  'import-map-invalid': rule(
    'refused',
    html('webappapis.html#parse-an-import-map-string'),
    (d) => `The import map cannot be read (${d.subject}), so browsers ignore it.`,
  ),
  'import-map-key-ignored': rule(
    'weak',
    html('webappapis.html#normalizing-a-module-integrity-map'),
    (d) => `${d.subject} of the import map is ignored.`,
    () => 'A key of "integrity" begins with /, ./, ../ or a scheme, and its value is a text.',
  ),
  'charset-late': rule(
    'weak',
    html('semantics.html#charset'),
    (d) => `The charset declaration ends at byte ${d.subject}; browsers look at the first 1,024.`,
  ),
  'page-encoding': rule(
    'weak',
    html('semantics.html#charset'),
    () => 'The page is not valid UTF-8, so its hashes would be uncertain.',
  ),
  'script-unreadable': rule(
    'weak',
    'https://tc39.es/ecma262/#sec-parsetext',
    (d) =>
      `${d.subject} could not be read as JavaScript (${d.expected ?? ''}), so what it imports is unknown.`,
  ),
} satisfies Record<string, RefusalRule>

/** Stable name of a kind of problem, for programs. */
export type RefusalCode = keyof typeof table

export const refusalRules: Readonly<Record<RefusalCode, RefusalRule>> = table

/** A problem that the verification found: something that a browser blocks, or that a policy fails to protect. */
export interface Refusal {
  /** The kind of problem. */
  readonly code: RefusalCode
  /** An `error` should stop a deployment. */
  readonly severity: 'error' | 'warn'
  /** The consequence. */
  readonly effect: Effect
  /** The page inside the site. Line and column are counted from 1; both are 1 if the cause is in a header. */
  readonly location: { readonly file: string; readonly line: number; readonly column: number }
  /** The engines in which the problem occurs. */
  readonly engines: readonly Engine[]
  /** The URL or file, or the beginning of the text, that the problem is about. */
  readonly subject: string
  /** The problem in words. */
  readonly message: string
  /** How to fix it. */
  readonly hint?: string
}
