import type { FlagValues, OptionRow } from './kinds.ts'
import { OPTIONS } from './table.ts'

export type OptionName = keyof typeof OPTIONS
export const OPTION_NAMES = Object.keys(OPTIONS) as OptionName[]

/** Flags of options, as they stand on a command line. */
export type OptionFlags = ReadonlyMap<OptionName, FlagValues>

type Settings = Readonly<Record<string, unknown>>

/** Options of a configuration with those that flags give instead. Their values are not validated here. */
export function withFlags(configured: object, flags: OptionFlags): Settings {
  const before: Settings = { ...configured }
  const given = [...flags].map(([name, values]) => [name, OPTIONS[name].read(values, before[name])])
  return { ...configured, ...Object.fromEntries(given) }
}

/** Options as flags of the command; `undefined` where one of them has no flag that could give it. */
export function flagText(setting: Settings): string | undefined {
  const rows: Readonly<Record<string, OptionRow>> = OPTIONS
  const flags = Object.entries(setting).map(([name, value]) => rows[name]?.write(value))
  return flags.every((flag) => flag !== undefined) ? flags.join(' ') : undefined
}
