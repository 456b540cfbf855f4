import type { Options } from '../options.ts'
import type { Flags } from './arguments.ts'
import { UsageError } from './io.ts'

const listed = (values: readonly string[]): string[] =>
  values.flatMap((value) => value.split(',')).filter((value) => value !== '')

/** `img-src https: data:`, or `img-src=false`, which removes the directive. */
function directives(values: readonly string[]): Record<string, readonly string[] | boolean> {
  return Object.fromEntries(
    values.map((value): [string, readonly string[] | boolean] => {
      const [name = '', ...sources] = value.trim().split(/[\s=]+/)
      if (name === '')
        throw new UsageError('--directive needs a name and sources: --directive "img-src https: data:".')
      if (sources.length === 0) return [name, true]
      return [name, sources.length === 1 && sources[0] === 'false' ? false : sources]
    }),
  )
}

/** `https://cdn.example/x.js=sha384-…` pins a URL, without a hash it is trusted. */
function external(values: readonly string[]): Record<string, string | true> {
  return Object.fromEntries(
    values.map((value) => {
      const pinned = /^(.+)=(sha(?:256|384|512)-.+)$/.exec(value)
      return pinned ? [pinned[1] ?? '', pinned[2] ?? ''] : [value, true]
    }),
  )
}

function findings(values: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    listed(values).map((value) => {
      const [code = '', level = ''] = value.split('=')
      if (level === '') throw new UsageError(`--finding ${value}: write code=error, code=warn or code=off.`)
      return [code, level]
    }),
  )
}

function given(entries: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined))
}

/**
 * The options that flags give, over those of a configuration: a flag replaces the value, records are merged by key.
 * Their values are not checked here.
 */
export function optionsOf(flags: Flags, config: Options): Options {
  const merged = given({
    scripts: flags.scripts,
    fence: flags.fence,
    algorithm: flags.algorithm,
    preset: flags.preset,
    layout: flags.layout,
    reportOnly: flags['report-only'],
    integrityPolicy: flags['integrity-policy'],
    reporting: flags.reporting === undefined ? undefined : { endpoint: flags.reporting },
    trustedTypes: flags['trusted-types'] && trustedTypes(listed(flags['trusted-types'])),
    output: flags.output && listed(flags.output),
    origin: flags.origin && listed(flags.origin),
    directives: flags.directive && { ...config.directives, ...directives(flags.directive) },
    external: flags.external && { ...config.external, ...external(flags.external) },
    findings: flags.finding && { ...config.findings, ...findings(flags.finding) },
  })
  // Flags are text: what they may hold is for the options' own check to say.
  return { ...config, ...merged } as Options
}

function trustedTypes(names: readonly string[]): boolean | readonly string[] {
  if (names.length !== 1) return names
  return names[0] === 'true' ? true : names[0] === 'false' ? false : names
}
