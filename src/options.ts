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

/** One source expression. Keywords carry their single quotes inside the string: `"'self'"`. */
// eslint-disable-next-line typescript/ban-types -- `string & {}` keeps the keywords in completions
export type SourceExpression = Keyword | (string & {})

/** Mapped from the table of directives, so that each name keeps its documentation. */
export type DirectiveOptions = {
  readonly [Name in keyof typeof DIRECTIVES]?: readonly SourceExpression[] | SourceExpression | boolean
}

export interface Options {
  /**
   * How scripts are trusted.
   *
   * - `strict`: the policy of the strict-CSP guides in `script-src`, sealed for script elements and imports by
   *   `script-src-elem`: hashes of inline scripts, and the directories of the build's own scripts.
   * - `dynamic`: the guides' policy alone, with the hash of every chunk that the page can reach.
   *   Trust travels on to whatever a trusted script loads.
   * - `loader`: as `dynamic`, but one inline loader takes the place of the tags of module and deferred scripts, so the
   *   policy does not grow with the chunks. Modules then run after `DOMContentLoaded` in Chromium and WebKit.
   *
   * @default 'strict'
   */
  readonly scripts?: ScriptShape
  /**
   * A second policy, `script-src-elem 'self' 'unsafe-inline'`, that keeps scripts of foreign origins out. Origins of
   * `external` are let in.
   * @default true, and false with `scripts: 'dynamic'`
   */
  readonly fence?: boolean
  /** Hash algorithm of integrity metadata and source expressions. @default 'sha384' */
  readonly algorithm?: HashAlgorithm
  /**
   * The directives to begin from.
   *
   * - `scripts-only` restricts scripts, plugins and `<base>` alone, so it breaks no image or font.
   * - `basic` is `default-src 'self'; frame-ancestors 'self'; form-action 'self'; object-src 'none'`.
   * - `tight` is `default-src 'none'` and, for each kind, only what the build needs.
   *
   * @default 'scripts-only'
   */
  readonly preset?: Preset
  /** Values by directive name, added to the preset's; `false` removes a directive. @default {} */
  readonly directives?: DirectiveOptions
  /** Where the policy is delivered: one or several names of outputs, or an {@link Output} of your own. @default 'meta' */
  readonly output?: OutputName | Output | readonly (OutputName | Output)[]
  /** How pages share header rules; `union` gives them one policy in metas, too. @default 'auto' */
  readonly layout?: Layout
  /**
   * `true` sends the policy as `Content-Security-Policy-Report-Only`: nothing is blocked. An object tries out another
   * policy beside the enforced one. Both need an output with headers: browsers ignore a report-only meta.
   * @default false
   */
  readonly reportOnly?: boolean | TrialOptions
  /**
   * Where browsers send reports of what they blocked: an absolute URL or a path of the site. `sample` asks for the
   * first 40 characters of a blocked script. Needs an output with headers.
   * @default undefined
   */
  readonly reporting?: { readonly endpoint: string; readonly sample?: boolean }
  /**
   * Sends `Integrity-Policy-Report-Only` (`'report'`) or `Integrity-Policy` (`'enforce'`) for scripts. WebKitGTK blocks
   * even the chunks that the import map pins when it is enforced.
   * @default undefined
   * @see https://www.w3.org/TR/SRI/#integrity-policy-section
   */
  readonly integrityPolicy?: 'report' | 'enforce'
  /**
   * Requires Trusted Types for everything that can turn text into script. A list names the policies that the app
   * creates; `true` takes those that its code is seen to create. The loader's own is added.
   * @default false
   * @see https://www.w3.org/TR/trusted-types/#integration-with-content-security-policy
   */
  readonly trustedTypes?: boolean | readonly string[]
  /**
   * Allows the inline handlers, `javascript:` URLs and style attributes that stand in the pages, and just those, by
   * their hashes behind `'unsafe-hashes'`. Engines without `script-src-attr` refuse them all the same.
   * @default false
   * @see https://www.w3.org/TR/CSP3/#unsafe-hashes-usage
   */
  readonly unsafeHashes?: boolean
  /**
   * A placeholder, such as `{{nonce}}`, that your server replaces with a fresh nonce in every response. It is added to the
   * policy beside the hashes. Only for pages that a server templates: on a static host a nonce protects nothing.
   * @default undefined
   */
  readonly nonce?: string
  /**
   * Origins to name in the policy of `strict`. It runs on every http and https origin without, but for WebKit on plain
   * http other than `localhost`. The port may be `*`, and the scheme one of a shell: `http://intranet.example:*`,
   * `app://-`, `tauri://localhost`.
   * @default []
   */
  readonly origin?: string | readonly string[]
  /**
   * Third-party scripts, by URL or origin: integrity metadata pins a URL, `true` loads it on trust.
   * @default {}
   */
  readonly external?: Readonly<Record<string, IntegrityMetadata | true>>
  /**
   * Globs over the paths of pages in the site: only those of `include`, and none of `exclude`, are protected. The others
   * stay as they are, byte for byte, and run without a policy.
   * @default {}
   */
  readonly pages?: PageGlobs
  /**
   * The policy of pages that `vite dev` serves: `report` blocks nothing and tells what a build's policy would refuse,
   * `enforce` refuses it, `false` serves pages as they are. Violations are told in the terminal, and in an overlay unless
   * `overlay` is `false`.
   * @default 'report'
   */
  readonly dev?: DevMode | false | DevOptions
  /**
   * Opens the pages of each build in an installed browser, as `csp-hashes try --import-all` does, and fails the build if
   * anything is refused. Needs `playwright-core`, or `puppeteer-core` for Firefox.
   * @default false
   */
  readonly try?: boolean
  /** Severity of findings by code; `off` silences one. @default {} */
  readonly findings?: { readonly [Code in FindingCode]?: FindingLevel }
}

export type DevMode = (typeof DEV_MODES)[number]

export interface DevOptions {
  /** @default 'report' */
  readonly mode?: DevMode
  /** Whether findings are shown in the page as well. @default as `server.hmr.overlay` of Vite */
  readonly overlay?: boolean
}

/** A policy to try out. Options that are left out are those of the enforced policy. */
export type TrialOptions = Pick<Options, 'scripts' | 'fence' | 'preset' | 'directives'>

/** Options after validation, with every default filled in. */
export interface ResolvedOptions extends PolicySettings {
  /** The policy that is tried out beside the enforced one. */
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
  /** `undefined`: development servers are left alone. */
  readonly dev: Required<DevOptions> | undefined
}

/** Thrown for invalid options. The message lists every problem, one on each line. */
export class OptionsError extends Error {
  override name = 'OptionsError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`
    super(
      `vite-plugin-csp-hashes: the options have ${count}.\n${problems.map((one) => `- ${one}`).join('\n')}`,
    )
    this.problems = problems
  }
}

/** Fails to compile where an option has no row in the table. */
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
  // The loader changes the page itself, and a trial shares its page with the enforced policy.
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
 * @throws {OptionsError} with every problem that they have
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
 * The public base of a directory, with the slash at its end that `/sub` lacks.
 * @throws {OptionsError} if no site can be served there
 */
export function resolveBase(base: string | undefined): string | undefined {
  const check = new Checks()
  const resolved = check.base('base', base)
  if (check.problems.length > 0) throw new OptionsError(check.problems)
  return resolved
}
