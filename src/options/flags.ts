import type { FlagValues, OptionRow } from './kinds.ts'
import { OPTIONS } from './table.ts'

export type OptionName = keyof typeof OPTIONS
export const OPTION_NAMES = Object.keys(OPTIONS) as OptionName[]

/** The values of flags by option, as given on the command line. */
export type OptionFlags = ReadonlyMap<OptionName, FlagValues>

type Settings = Readonly<Record<string, unknown>>

/** Configured options, overridden by flags. The values are validated later. */
export function withFlags(configured: object, flags: OptionFlags): Settings {
  const before: Settings = { ...configured }
  const given = [...flags].map(([name, values]) => [name, OPTIONS[name].read(values, before[name])])
  return { ...configured, ...Object.fromEntries(given) }
}

/** Options written as flags of the command; `undefined` if a flag cannot express one of them. */
export function flagText(setting: Settings): string | undefined {
  const rows: Readonly<Record<string, OptionRow>> = OPTIONS
  const flags = Object.entries(setting).map(([name, value]) => rows[name]?.write(value))
  return flags.every((flag) => flag !== undefined) ? flags.join(' ') : undefined
}
