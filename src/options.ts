import type { DIRECTIVES } from './core/csp/directives.ts'
import type { FindingCode, FindingLevel } from './core/findings/index.ts'
import type { HashAlgorithm, IntegrityMetadata } from './core/site/model.ts'
import type { PolicySettings, Preset, ScriptShape } from './core/csp/policy.ts'
import type { PageGlobs } from './core/page/left-pages.ts'
import type { Keyword } from './core/csp/source-expression.ts'
import type { Layout, Output, Reporting } from './outputs/output.ts'
import { Checks } from './options/checks.ts'
import type { OptionRow } from './options/kinds.ts'
import { ALGORITHMS, DEV_MODES, LAYOUTS, OPTIONS, PRESETS, SHAPES } from './options/table.ts'
import type { OutputName } from './outputs/index.ts'

/**
 * One source expression, such as `https://cdn.example`. Keywords include their single quotes: `"'self'"`.
 * @see https://www.w3.org/TR/CSP3/#framework-directive-source-list
 */
// eslint-disable-next-line typescript/ban-types -- `string & {}` keeps the keywords in completions
export type SourceExpression = Keyword | (string & {})

/**
 * Values by directive name. A string is one source, a list several. `true` adds a directive that has no value, `false`
 * removes a directive.
 * @see https://www.w3.org/TR/CSP3/#csp-directives
 */
export type DirectiveOptions = {
  readonly [Name in keyof typeof DIRECTIVES]?: readonly SourceExpression[] | SourceExpression | boolean
}

/** The options of the plugin. The command accepts the same options as flags or from a configuration file. */
export interface Options {
  /**
   * How the policy decides which scripts may run.
   *
   * - `strict`: `script-src` has the policy of the strict-CSP guides. `script-src-elem` narrows it for script elements
   *   and imports to the hashes of inline scripts and the directories of the build's own scripts.
   * - `dynamic`: only the policy of the guides, with the hash of every chunk that the page can reach. A trusted script
   *   may load any other script.
   * - `loader`: like `dynamic`, but one inline loader replaces the tags of module and deferred scripts, so the policy
   *   does not grow with the number of chunks. In Chromium and WebKit, modules then run after `DOMContentLoaded`.
   *
   * @default 'strict'
   */
  readonly scripts?: ScriptShape
  /**
   * Adds a second policy, the fence: `script-src-elem 'self' 'unsafe-inline'`. A script must pass both policies, so
   * it must come from your own origin or from one that `external` names.
   * @default true, and false with `scripts: 'dynamic'`
   * @see https://www.w3.org/TR/CSP3/#multiple-policies
   */
  readonly fence?: boolean
  /** The hash algorithm for integrity metadata and for hashes in the policy. @default 'sha384' */
  readonly algorithm?: HashAlgorithm
  /**
   * The directives that the policy starts with.
   *
   * - `scripts-only` restricts only scripts, plugins and `<base>`, so it cannot break images or fonts.
   * - `basic` is `default-src 'self'; frame-ancestors 'self'; form-action 'self'; object-src 'none'`.
   * - `tight` is `default-src 'none'` and allows, for each kind of resource, only what the build uses.
   *
   * @default 'scripts-only'
   */
  readonly preset?: Preset
  /** Sources by directive name. They are added to those of the preset; `false` removes a directive. @default {} */
  readonly directives?: DirectiveOptions
  /** Where the policy is written: names of outputs, or an {@link Output} of your own. @default 'meta' */
  readonly output?: OutputName | Output | readonly (OutputName | Output)[]
  /** How pages share header rules. With `union`, all pages have the same policy, also in meta tags. @default 'auto' */
  readonly layout?: Layout
  /**
   * `true` sends the policy as `Content-Security-Policy-Report-Only`, which blocks nothing. An object tries out another
   * policy while the configured one is enforced. Both need an output that writes headers, because browsers ignore a
   * report-only policy in a meta tag.
   * @default false
   * @see https://www.w3.org/TR/CSP3/#cspro-header
   */
  readonly reportOnly?: boolean | TrialOptions
  /**
   * Where browsers send violation reports: an absolute URL or a path of the site. With `sample`, reports contain the
   * first 40 characters of a blocked script. This needs an output that writes headers.
   * @default undefined
   * @see https://www.w3.org/TR/CSP3/#reporting
   */
  readonly reporting?: { readonly endpoint: string; readonly sample?: boolean }
  /**
   * Sends `Integrity-Policy-Report-Only` (`'report'`) or `Integrity-Policy` (`'enforce'`): browsers report or block
   * scripts without integrity. If it is enforced, WebKitGTK also blocks the chunks that the import map pins.
   * @default undefined
   * @see https://www.w3.org/TR/SRI/#integrity-policy-section
   */
  readonly integrityPolicy?: 'report' | 'enforce'
  /**
   * Requires Trusted Types wherever the DOM would turn a string into script. A list names the policies that the app may
   * create; `true` allows the policies that its code is seen to create. With `scripts: 'loader'`, the policy of the
   * loader is added.
   * @default false
   * @see https://www.w3.org/TR/trusted-types/#integration-with-content-security-policy
   */
  readonly trustedTypes?: boolean | readonly string[]
  /**
   * Allows the inline handlers, `javascript:` URLs and style attributes in the pages, and no others. The policy
   * lists their hashes with `'unsafe-hashes'`. Browsers without support for `script-src-attr` still block them.
   * @default false
   * @see https://www.w3.org/TR/CSP3/#unsafe-hashes-usage
   */
  readonly unsafeHashes?: boolean
  /**
   * A placeholder, such as `{{nonce}}`, that your server replaces with a fresh nonce in every response. The policy then
   * contains it in addition to the hashes. Use it only for pages that a server renders: on a static host, a nonce
   * protects nothing.
   * @default undefined
   * @see https://www.w3.org/TR/CSP3/#security-nonces
   */
  readonly nonce?: string
  /**
   * Origins to add to the policy of `strict`. The site runs on every http and https origin without this option, except
   * in WebKit on plain http other than `localhost`. The port may be `*`, and the scheme may be one that a desktop or
   * mobile shell registers: `http://intranet.example:*`, `app://-`, `tauri://localhost`.
   * @default []
   */
  readonly origin?: string | readonly string[]
  /**
   * Third-party scripts by URL or origin. Integrity metadata pins the file at a URL; `true` allows a URL or an origin
   * without pinning it.
   * @default {}
   */
  readonly external?: Readonly<Record<string, IntegrityMetadata | true>>
  /**
   * Selects pages by globs that are matched against their paths in the site. If `include` is given, only its pages are
   * protected; those of `exclude` never are. All other pages stay unchanged and get no policy of their own.
   * @default {}
   */
  readonly pages?: PageGlobs
  /**
   * The policy of pages that `vite dev` serves. `report` blocks nothing and reports what the policy of a build would
   * block; `enforce` blocks it; `false` adds no policy. Violations are printed in the terminal, and shown in an overlay
   * unless `overlay` is `false`.
   * @default 'report'
   */
  readonly dev?: DevMode | false | DevOptions
  /**
   * Opens the pages of each build in an installed browser, like `csp-hashes try --import-all`, and fails the build if
   * the browser blocks anything. Install `playwright-core` for it, or `puppeteer-core` for Firefox.
   * @default false
   */
  readonly try?: boolean
  /** The severity of findings by code. `off` silences a finding. @default {} */
  readonly findings?: { readonly [Code in FindingCode]?: FindingLevel }
}

/** Whether the policy of `vite dev` reports violations or blocks them. */
export type DevMode = (typeof DEV_MODES)[number]

/** The settings of the policy that `vite dev` adds to pages. */
export interface DevOptions {
  /** Whether violations are only reported, or blocked as well. @default 'report' */
  readonly mode?: DevMode
  /** Shows violations in the page, too. @default the value of `server.hmr.overlay` of Vite */
  readonly overlay?: boolean
}

/** A policy to try out. Options that are missing here are taken from the enforced policy. */
export type TrialOptions = Pick<Options, 'scripts' | 'fence' | 'preset' | 'directives'>

/** Validated options, with all defaults filled in. */
export interface ResolvedOptions extends PolicySettings {
  /** A report-only policy that is sent in addition to the enforced one. */
  readonly trial: PolicySettings | undefined
  readonly algorithm: HashAlgorithm
  readonly outputs: readonly Output[]
  readonly layout: Layout
  readonly reporting: Reporting | undefined
  readonly integrityPolicy: 'report' | 'enforce' | undefined
  readonly unsafeHashes: boolean
  readonly origins: readonly string[]
  readonly external: ReadonlyMap<string, IntegrityMetadata | true>
  readonly pages: PageGlobs
  readonly findings: ReadonlyMap<FindingCode, FindingLevel>
  readonly try: boolean
  /** `undefined`: `vite dev` adds no policy. */
  readonly dev: Required<DevOptions> | undefined
}

/** Thrown if options are invalid. The message lists all problems, one per line. */
export class OptionsError extends Error {
  override name = 'OptionsError'
  /** One message for each problem. */
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`
    super(
      `vite-plugin-csp-hashes: the options have ${count}.\n${problems.map((one) => `- ${one}`).join('\n')}`,
    )
    this.problems = problems
  }
}

/** Does not compile if an option has no row in the table. */
const ROWS: Readonly<Record<keyof Options, OptionRow>> = OPTIONS

const TRIAL_NAMES = [
  'scripts',
  'fence',
  'preset',
  'directives',
] as const satisfies readonly (keyof TrialOptions)[]

function resolveTrial(check: Checks, trial: TrialOptions, enforced: PolicySettings): PolicySettings {
  check.names('reportOnly', trial, TRIAL_NAMES)
  const scripts = check.choice('reportOnly.scripts', trial.scripts, SHAPES, enforced.scripts)
  // The loader changes the page, and a trial has the same page as the enforced policy.
  if (scripts !== enforced.scripts && (scripts === 'loader' || enforced.scripts === 'loader')) {
    check.problem(
      "reportOnly.scripts: 'loader' changes the tags of the page, so it cannot be tried out beside another shape.",
    )
  }
  return {
    scripts,
    fence: check.flag('reportOnly.fence', trial.fence, enforced.fence),
    preset: check.choice('reportOnly.preset', trial.preset, PRESETS, enforced.preset),
    directives:
      trial.directives === undefined
        ? enforced.directives
        : check.directives('reportOnly.directives', trial.directives),
    reportOnly: true,
    trustedTypes: enforced.trustedTypes,
    nonce: enforced.nonce,
  }
}

function resolveDev(check: Checks, dev: Options['dev'] = 'report'): ResolvedOptions['dev'] {
  if (dev === false) return undefined
  const { mode, overlay } = typeof dev === 'object' && dev !== null ? dev : { mode: dev, overlay: undefined }
  if (typeof dev === 'object' && dev !== null) check.names('dev', dev, ['mode', 'overlay'])
  return {
    mode: check.choice('dev', mode, DEV_MODES, 'report'),
    overlay: check.flag('dev.overlay', overlay, true),
  }
}

/**
 * Validates options and fills in defaults.
 * @throws {OptionsError} if any option is invalid; it lists all problems
 */
export function resolveOptions(options: Options = {}): ResolvedOptions {
  const check = new Checks()
  check.names('', options, Object.keys(ROWS))
  const scripts = check.choice('scripts', options.scripts, SHAPES, 'strict')
  const { reportOnly } = options
  const trial = typeof reportOnly === 'object' && reportOnly !== null ? reportOnly : undefined
  const enforced: PolicySettings = {
    scripts,
    fence: check.flag('fence', options.fence, scripts !== 'dynamic'),
    preset: check.choice('preset', options.preset, PRESETS, 'scripts-only'),
    directives: check.directives('directives', options.directives),
    reportOnly: trial ? false : check.flag('reportOnly', reportOnly, false),
    trustedTypes: check.trustedTypes('trustedTypes', options.trustedTypes),
    nonce: check.nonce('nonce', options.nonce),
  }
  const resolved: ResolvedOptions = {
    ...enforced,
    trial: trial && resolveTrial(check, trial, enforced),
    algorithm: check.choice('algorithm', options.algorithm, ALGORITHMS, 'sha384'),
    outputs: check.outputs('output', options.output ?? 'meta'),
    layout: check.choice('layout', options.layout, LAYOUTS, 'auto'),
    reporting: check.reporting('reporting', options.reporting),
    integrityPolicy: check.choice(
      'integrityPolicy',
      options.integrityPolicy,
      ['report', 'enforce'],
      undefined,
    ),
    unsafeHashes: check.flag('unsafeHashes', options.unsafeHashes, false),
    origins: check.origins('origin', options.origin ?? []),
    external: check.external('external', options.external),
    pages: check.pages('pages', options.pages),
    findings: check.findings('findings', options.findings),
    dev: resolveDev(check, options.dev),
    try: check.flag('try', options.try, false),
  }
  if (check.problems.length > 0) throw new OptionsError(check.problems)
  return resolved
}

/**
 * Validates the public base of a directory. Adds a slash at the end if it is missing, as in `/sub`.
 * @throws {OptionsError} if no site can be served at this base
 */
export function resolveBase(base: string | undefined): string | undefined {
  const check = new Checks()
  const resolved = check.base('base', base)
  if (check.problems.length > 0) throw new OptionsError(check.problems)
  return resolved
}
