import { DIRECTIVE_NAMES, type DirectiveName, isDirectiveName, valueKind } from '../core/csp/directives.ts'
import { FINDINGS, type FindingCode, type FindingLevel } from '../core/findings/index.ts'
import type { IntegrityMetadata } from '../core/site/model.ts'
import { type PageGlobs, unreadableGlobs } from '../core/page/left-pages.ts'
import { nearest } from '../core/text/nearest.ts'
import { ignoredHost, sourceError } from '../core/csp/source-expression.ts'
import { OUTPUTS, type OutputName } from '../outputs/index.ts'
import type { Output, Reporting } from '../outputs/output.ts'

type DirectiveMap = Map<DirectiveName, readonly string[] | false>

const INTEGRITY = /^sha(?:256|384|512)-[A-Za-z0-9+/]+={0,2}$/

function didYouMean(name: string, names: readonly string[]): string {
  const meant = nearest(name, names)
  return meant ? ` Did you mean '${meant}'?` : ` It is one of ${names.map((one) => `'${one}'`).join(', ')}.`
}

/**
 * Validates options, which JavaScript users may set to anything. Problems are collected and reported together, so each
 * check returns a usable value even for an invalid option.
 */
export class Checks {
  readonly problems: string[] = []

  problem(text: string): void {
    this.problems.push(text)
  }

  names(where: string, given: object, names: readonly string[]): void {
    for (const name of Object.keys(given)) {
      if (!names.includes(name))
        this.problem(
          `${where ? `${where}: there` : 'There'} is no option '${name}'.${didYouMean(name, names)}`,
        )
    }
  }

  choice<const Value extends string, Fallback extends Value | undefined>(
    where: string,
    value: unknown,
    values: readonly Value[],
    fallback: Fallback,
  ): Value | Fallback {
    if (value === undefined) return fallback
    const chosen = values.find((one) => one === value)
    if (chosen === undefined)
      this.problem(`${where}: ${JSON.stringify(value)} is not a choice.${didYouMean(String(value), values)}`)
    return chosen ?? fallback
  }

  flag(where: string, value: unknown, fallback: boolean): boolean {
    if (value === undefined) return fallback
    if (typeof value !== 'boolean')
      this.problem(`${where}: expected true or false, not ${JSON.stringify(value)}.`)
    return value === true
  }

  private entries(where: string, value: unknown): [string, unknown][] {
    if (value === undefined) return []
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.entries(value)
    this.problem(`${where}: expected an object, not ${JSON.stringify(value)}.`)
    return []
  }

  directives(where: string, given: unknown): DirectiveMap {
    const resolved: DirectiveMap = new Map()
    for (const [name, value] of this.entries(where, given)) {
      if (!isDirectiveName(name))
        this.problem(`${where}: there is no directive '${name}'.${didYouMean(name, DIRECTIVE_NAMES)}`)
      else if (value === false) resolved.set(name, false)
      else if (value === true) resolved.set(name, this.valueless(`${where}['${name}']`, name))
      else if (value !== undefined) resolved.set(name, this.sources(`${where}['${name}']`, name, value))
    }
    return resolved
  }

  private valueless(where: string, name: DirectiveName): string[] {
    const kind = valueKind(name)
    if (kind !== 'none' && kind !== 'tokens')
      this.problem(`${where}: expected sources; true is for directives without a value.`)
    return []
  }

  private sources(where: string, name: DirectiveName, value: unknown): string[] {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value]
    const sources: string[] = []
    for (const [index, source] of values.entries()) {
      const problem =
        typeof source === 'string' ? sourceError(name, source) : `${JSON.stringify(source)} is not a string`
      if (problem) this.problem(`${Array.isArray(value) ? `${where}[${index}]` : where}: ${problem}.`)
      else sources.push(String(source))
    }
    if (sources.includes("'none'") && sources.length > 1) {
      this.problem(`${where}: 'none' must stand alone; beside other sources browsers ignore it.`)
    }
    return sources
  }

  outputs(where: string, given: unknown): Output[] {
    const list: readonly unknown[] = Array.isArray(given) ? given : [given]
    if (list.length === 0) this.problem(`${where}: expected at least one output.`)
    return list.flatMap((one) => {
      if (isOutput(one)) return [one]
      if (typeof one === 'string' && Object.hasOwn(OUTPUTS, one)) return [OUTPUTS[one as OutputName]]
      this.problem(
        `${where}: ${JSON.stringify(one)} is not an output.${didYouMean(String(one), Object.keys(OUTPUTS))}`,
      )
      return []
    })
  }

  base(where: string, given: unknown): string | undefined {
    if (given === undefined) return undefined
    if (given === '' || given === './') return './'
    const isPath = typeof given === 'string' && /^\/(?!\/)[^?#\s]*$/.test(given)
    const isUrl = typeof given === 'string' && /^(?:https?:)?\/\/[^?#\s]+$/.test(given)
    if (isPath || isUrl) return given.endsWith('/') ? given : `${given}/`
    this.problem(
      `${where}: ${JSON.stringify(given)} is not a base. Write a path from the root, such as /sub/, or ./, or a URL.`,
    )
    return undefined
  }

  origins(where: string, given: unknown): string[] {
    const list: readonly unknown[] = Array.isArray(given) ? given : [given]
    return list.flatMap((origin) => {
      const source = typeof origin === 'string' ? originSource(origin) : undefined
      const ignored = source === undefined ? undefined : ignoredHost(source)
      if (source !== undefined && ignored === undefined) return [source]
      this.problem(
        ignored === undefined
          ? `${where}: ${JSON.stringify(origin)} is not an origin; write scheme, host and port alone, as in http://intranet.example:8080, http://intranet.example:* or app://-.`
          : `${where}: ${ignored}.`,
      )
      return []
    })
  }

  external(where: string, given: unknown): Map<string, IntegrityMetadata | true> {
    const resolved = new Map<string, IntegrityMetadata | true>()
    for (const [url, trust] of this.entries(where, given)) {
      const at = `${where}['${url}']`
      const isPath = url.startsWith('/')
      if (!isPath && !/^https?:\/\//.test(url))
        this.problem(`${at}: expected a URL with its scheme, an origin, or a path from the root.`)
      const problem = sourceError('script-src', isPath ? `https://host${url}` : url)
      if (problem) this.problem(`${at}: ${problem}.`)
      if (trust === true || (typeof trust === 'string' && INTEGRITY.test(trust)))
        resolved.set(url, trust as IntegrityMetadata | true)
      else
        this.problem(
          `${at}: expected integrity metadata ('sha384-…') to pin it, or true to load it on trust.`,
        )
    }
    return resolved
  }

  pages(where: string, given: unknown): PageGlobs {
    const { include, exclude, ...rest } = Object.fromEntries(this.entries(where, given))
    this.names(where, rest, ['include', 'exclude'])
    const globs = (name: string, value: unknown): string[] =>
      (value === undefined ? [] : Array.isArray(value) ? value : [value]).flatMap((glob: unknown) => {
        if (typeof glob === 'string' && glob !== '' && unreadableGlobs({ include: glob }).length === 0)
          return [glob]
        this.problem(
          `${where}.${name}: ${JSON.stringify(glob)} is not a glob of paths in the site, such as legacy.html or old/**.`,
        )
        return []
      })
    return { include: globs('include', include), exclude: globs('exclude', exclude) }
  }

  reporting(where: string, given: unknown): Reporting | undefined {
    if (given === undefined) return undefined
    const { endpoint, sample, ...rest } = Object.fromEntries(this.entries(where, given))
    this.names(where, rest, ['endpoint', 'sample'])
    const usable = typeof endpoint === 'string' && /^(?:https?:\/\/|\/)[^\s;,"\\]+$/.test(endpoint)
    if (!usable)
      this.problem(
        `${where}.endpoint: ${JSON.stringify(endpoint)} is neither an absolute URL nor a path from the root.`,
      )
    return { endpoint: String(endpoint), sample: this.flag(`${where}.sample`, sample, false) }
  }

  trustedTypes(where: string, given: unknown): string[] | undefined {
    if (given === undefined || given === false) return undefined
    if (given === true) return []
    if (Array.isArray(given)) return this.sources(where, 'trusted-types', given)
    this.problem(`${where}: expected true, false or the names of policies, not ${JSON.stringify(given)}.`)
    return undefined
  }

  nonce(where: string, given: unknown): string | undefined {
    if (given === undefined) return undefined
    // Any template language may be used, but the placeholder must not end the source or the header.
    if (typeof given === 'string' && /^[\x21-\x7E]+$/.test(given) && !/[;,'"]/.test(given)) return given
    this.problem(
      `${where}: ${JSON.stringify(given)} cannot be a placeholder for a nonce. Use printable ASCII without spaces, quotes, semicolons and commas, such as {{nonce}}.`,
    )
    return undefined
  }

  findings(where: string, given: unknown): Map<FindingCode, FindingLevel> {
    const resolved = new Map<FindingCode, FindingLevel>()
    for (const [code, level] of this.entries(where, given)) {
      if (!Object.hasOwn(FINDINGS, code))
        this.problem(`${where}: there is no code '${code}'.${didYouMean(code, Object.keys(FINDINGS))}`)
      else if (level === 'error' || level === 'warn' || level === 'off')
        resolved.set(code as FindingCode, level)
      else
        this.problem(
          `${where}['${code}']: ${JSON.stringify(level)} is not a level. It is one of 'error', 'warn', 'off'.`,
        )
    }
    return resolved
  }
}

/**
 * Converts an origin to a host source. The port may be `*`, and the scheme may be one that a shell registers for its
 * own pages. For such a scheme, the URL parser returns no origin.
 */
function originSource(origin: string): string | undefined {
  const match = /^([a-z][a-z0-9+.-]*:\/\/)([^@/?#]+?)(:\*)?\/?$/i.exec(origin)
  if (!match) return undefined
  const [, scheme = '', host = '', port = ''] = match
  const isWeb = /^https?:/i.test(scheme)
  if (isWeb && !URL.canParse(scheme + host)) return undefined
  const source = (isWeb ? new URL(scheme + host).origin : scheme.toLowerCase() + host) + port
  return sourceError('script-src', source) && !ignoredHost(source) ? undefined : source
}

function isOutput(value: unknown): value is Output {
  return (
    typeof value === 'object' && value !== null && 'deliver' in value && typeof value.deliver === 'function'
  )
}
