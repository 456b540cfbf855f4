import type { Options } from '../options.ts'
import type { FlagValues } from './kinds.ts'
import { OPTIONS } from './table.ts'

export type OptionName = keyof typeof OPTIONS
export const OPTION_NAMES = Object.keys(OPTIONS) as OptionName[]

/** Flags of options, as they stand on a command line. */
export type OptionFlags = ReadonlyMap<OptionName, FlagValues>

/** Options of a configuration with those that flags give instead. Their values are not validated here. */
export function withFlags(configured: Options, flags: OptionFlags): Options {
  const given = [...flags].map(([name, values]) => [name, OPTIONS[name].read(values, configured[name])])
  return { ...configured, ...Object.fromEntries(given) } as Options
}

/** Options as flags of the command; `undefined` where one of them has no flag that could give it. */
export function flagText(setting: Readonly<Record<string, unknown>>): string | undefined {
  const flags = Object.entries(setting).map(([name, value]) => OPTIONS[name as OptionName]?.write(value))
  return flags.every((flag) => flag !== undefined) ? flags.join(' ') : undefined
}
