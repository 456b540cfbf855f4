import { DIRECTIVE_NAMES, type DirectiveName, isDirectiveName, valueKind } from './core/directives.ts'
import { FINDINGS, type FindingCode, type FindingLevel } from './core/findings.ts'
import type { HashAlgorithm, IntegrityMetadata } from './core/model.ts'
import { nearest } from './core/nearest.ts'
import type { Preset, ScriptShape } from './core/policy.ts'
import { type Keyword, sourceError } from './core/source-expression.ts'
import type { Layout, Output } from './outputs/output.ts'
import { OUTPUTS, type OutputName } from './outputs/index.ts'

/** One source expression. Keywords carry their single quotes inside the string: `"'self'"`. */
// eslint-disable-next-line typescript/ban-types -- `string & {}` keeps the keywords in completions
export type SourceExpression = Keyword | (string & {})

export type DirectiveOptions = {
  readonly [Name in DirectiveName]?: readonly SourceExpression[] | SourceExpression | boolean
}

export interface Options {
  /**
   * How scripts are trusted.
   *
   * - `strict`: the policy of the strict-CSP guides in `script-src`, sealed for script elements and imports by
   *   `script-src-elem`: hashes of inline scripts, and the directories of the build's own scripts.
   * - `dynamic`: the guides' policy alone, with the hash of every chunk that the page can reach.
   *   Trust travels on to whatever a trusted script loads.
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
  /** How pages share header rules. @default 'auto' */
  readonly layout?: Layout
  /** Sends the policy as `Content-Security-Policy-Report-Only`: nothing is blocked. Needs an output with headers. @default false */
  readonly reportOnly?: boolean
  /**
   * Origins under which the site is served over plain http, such as `http://intranet.example:8080`.
   * Any https origin and `http://localhost` work without.
   * @default []
   */
  readonly origin?: string | readonly string[]
  /**
   * Third-party scripts, by URL or origin: integrity metadata pins a URL, `true` loads it on trust.
   * @default {}
   */
  readonly external?: Readonly<Record<string, IntegrityMetadata | true>>
  /** Severity of findings by code; `off` silences one. @default {} */
  readonly findings?: { readonly [Code in FindingCode]?: FindingLevel }
}

/** Options after validation: nothing is optional any more. */
export interface ResolvedOptions {
  readonly scripts: ScriptShape
  readonly fence: boolean
  readonly algorithm: HashAlgorithm
  readonly preset: Preset
  readonly directives: ReadonlyMap<DirectiveName, readonly string[] | false>
  readonly outputs: readonly Output[]
  readonly layout: Layout
  readonly reportOnly: boolean
  readonly origins: readonly string[]
  readonly external: ReadonlyMap<string, IntegrityMetadata | true>
  readonly findings: ReadonlyMap<FindingCode, FindingLevel>
}

/** Thrown by {@link resolveOptions}: every problem that the options have, one a line. */
export class OptionsError extends Error {
  override name = 'OptionsError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(
      `vite-plugin-csp-hashes: the options have ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}.\n${problems.map((one) => `- ${one}`).join('\n')}`,
    )
    this.problems = problems
  }
}

const OPTION_NAMES = [
  'scripts',
  'fence',
  'algorithm',
  'preset',
  'directives',
  'output',
  'layout',
  'reportOnly',
  'origin',
  'external',
  'findings',
] as const satisfies readonly (keyof Options)[]

const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ')

function didYouMean(name: string, names: readonly string[]): string {
  const meant = nearest(name, names)
  return meant ? ` Did you mean '${meant}'?` : ` It is one of ${quoted(names)}.`
}

/** Collects problems, so that all are told at once. */
class Resolver {
  readonly problems: string[] = []

  constructor(private readonly options: Options) {}

  unknownNames(): void {
    for (const name of Object.keys(this.options)) {
      if (!(OPTION_NAMES as readonly string[]).includes(name))
        this.problems.push(`There is no option '${name}'.${didYouMean(name, OPTION_NAMES)}`)
    }
  }

  choice<const Value extends string>(
    name: keyof Options,
    value: unknown,
    values: readonly Value[],
    fallback: Value,
  ): Value {
    if (value === undefined) return fallback
    const chosen = values.find((one) => one === value)
    if (chosen === undefined)
      this.problems.push(
        `${name}: ${JSON.stringify(value)} is not a choice.${didYouMean(String(value), values)}`,
      )
    return chosen ?? fallback
  }

  flag(name: keyof Options, value: unknown, fallback: boolean): boolean {
    if (value === undefined) return fallback
    if (typeof value !== 'boolean')
      this.problems.push(`${name}: give true or false, not ${JSON.stringify(value)}.`)
    return value === true
  }

  record(name: keyof Options, value: unknown): [string, unknown][] {
    if (value === undefined) return []
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.entries(value)
    this.problems.push(`${name}: give an object, not ${JSON.stringify(value)}.`)
    return []
  }

  directives(): ResolvedOptions['directives'] {
    const resolved = new Map<DirectiveName, readonly string[] | false>()
    for (const [name, value] of this.record('directives', this.options.directives)) {
      if (!isDirectiveName(name)) {
        this.problems.push(`directives: there is no directive '${name}'.${didYouMean(name, DIRECTIVE_NAMES)}`)
      } else if (value === false) resolved.set(name, false)
      else if (value === true) this.valueless(name, resolved)
      else if (value !== undefined) this.sources(name, value, resolved)
    }
    return resolved
  }

  private valueless(name: DirectiveName, resolved: Map<DirectiveName, readonly string[] | false>): void {
    if (valueKind(name) !== 'none' && valueKind(name) !== 'tokens')
      this.problems.push(`directives['${name}']: give its sources; true is for directives without a value.`)
    resolved.set(name, [])
  }

  private sources(
    name: DirectiveName,
    value: unknown,
    resolved: Map<DirectiveName, readonly string[] | false>,
  ): void {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value]
    const sources: string[] = []
    for (const [index, source] of values.entries()) {
      const where = Array.isArray(value) ? `directives['${name}'][${index}]` : `directives['${name}']`
      const problem =
        typeof source === 'string' ? sourceError(name, source) : `${JSON.stringify(source)} is not a string`
      if (problem) this.problems.push(`${where}: ${problem}.`)
      else sources.push(String(source))
    }
    if (sources.includes("'none'") && sources.length > 1)
      this.problems.push(
        `directives['${name}']: 'none' must stand alone; beside other sources browsers ignore it.`,
      )
    resolved.set(name, sources)
  }

  outputs(): readonly Output[] {
    const given = this.options.output ?? 'meta'
    const list: readonly (OutputName | Output)[] = Array.isArray(given)
      ? given
      : [given as OutputName | Output]
    if (list.length === 0) this.problems.push('output: give at least one output.')
    const names = Object.keys(OUTPUTS)
    return list.flatMap((one) => {
      if (typeof one === 'object' && one !== null && typeof one.deliver === 'function') return [one]
      if (typeof one === 'string' && Object.hasOwn(OUTPUTS, one)) return [OUTPUTS[one]]
      this.problems.push(`output: ${JSON.stringify(one)} is not an output.${didYouMean(String(one), names)}`)
      return []
    })
  }

  origins(): readonly string[] {
    const given = this.options.origin ?? []
    return (Array.isArray(given) ? given : [given]).map((origin: unknown) => {
      const url = typeof origin === 'string' && URL.canParse(origin) ? new URL(origin) : undefined
      if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search || url.hash) {
        this.problems.push(
          `origin: ${JSON.stringify(origin)} is not an origin; write scheme, host and port alone, as in http://intranet.example:8080.`,
        )
      }
      return url?.origin ?? ''
    })
  }

  external(): ResolvedOptions['external'] {
    const resolved = new Map<string, IntegrityMetadata | true>()
    for (const [url, trust] of this.record('external', this.options.external)) {
      const where = `external['${url}']`
      if (!url.startsWith('/') && !/^https?:\/\//.test(url))
        this.problems.push(`${where}: give a URL with its scheme, an origin, or a path from the root.`)
      const problem = sourceError('script-src', url.startsWith('/') ? `https://host${url}` : url)
      if (problem) this.problems.push(`${where}: ${problem}.`)
      if (
        trust === true ||
        (typeof trust === 'string' && /^sha(?:256|384|512)-[A-Za-z0-9+/]+={0,2}$/.test(trust))
      ) {
        resolved.set(url, trust as IntegrityMetadata | true)
      } else
        this.problems.push(
          `${where}: give integrity metadata ('sha384-…') to pin it, or true to load it on trust.`,
        )
    }
    return resolved
  }

  findings(): ResolvedOptions['findings'] {
    const resolved = new Map<FindingCode, FindingLevel>()
    const codes = Object.keys(FINDINGS)
    for (const [code, level] of this.record('findings', this.options.findings)) {
      if (!Object.hasOwn(FINDINGS, code))
        this.problems.push(`findings: there is no code '${code}'.${didYouMean(code, codes)}`)
      else if (level !== 'error' && level !== 'warn' && level !== 'off')
        this.problems.push(
          `findings['${code}']: ${JSON.stringify(level)} is not a level. It is one of 'error', 'warn', 'off'.`,
        )
      else resolved.set(code as FindingCode, level)
    }
    return resolved
  }
}

/**
 * Validates options and fills in what is left out.
 * @throws {OptionsError} with every problem that they have
 */
export function resolveOptions(options: Options = {}): ResolvedOptions {
  const resolver = new Resolver(options)
  resolver.unknownNames()
  const scripts = resolver.choice('scripts', options.scripts, ['strict', 'dynamic'], 'strict')
  const resolved: ResolvedOptions = {
    scripts,
    fence: resolver.flag('fence', options.fence, scripts !== 'dynamic'),
    algorithm: resolver.choice('algorithm', options.algorithm, ['sha256', 'sha384', 'sha512'], 'sha384'),
    preset: resolver.choice('preset', options.preset, ['scripts-only', 'basic', 'tight'], 'scripts-only'),
    directives: resolver.directives(),
    outputs: resolver.outputs(),
    layout: resolver.choice('layout', options.layout, ['auto', 'union', 'split', 'per-page'], 'auto'),
    reportOnly: resolver.flag('reportOnly', options.reportOnly, false),
    origins: resolver.origins(),
    external: resolver.external(),
    findings: resolver.findings(),
  }
  if (resolver.problems.length > 0) throw new OptionsError(resolver.problems)
  return resolved
}
