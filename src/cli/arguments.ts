import { parseArgs, type ParseArgsConfig } from 'node:util'
import { nearest } from '../core/text/nearest.ts'
import { OPTION_NAMES, type OptionFlags, type OptionName } from '../options/flags.ts'
import type { OptionRow } from '../options/kinds.ts'
import { OPTIONS } from '../options/table.ts'
import { UsageError } from './io.ts'

export const COMMANDS = ['secure', 'verify', 'try', 'explain', 'report'] as const
export type CommandName = (typeof COMMANDS)[number]

interface CommandFlag {
  readonly type: 'string' | 'boolean'
  readonly short?: string
  /** The placeholder of the value in `--help`. */
  readonly value?: string
  readonly help: string
  /** The commands that accept the flag. @default all */
  readonly commands?: readonly CommandName[]
}

/** The flags of the command itself. Flags for options are in `src/options/table.ts`. */
export const FLAGS = {
  base: {
    type: 'string',
    short: 'b',
    value: '<base>',
    help: 'Public base: /, /sub/, ./ or the URL of a CDN (default: as the pages name their own files)',
  },
  out: {
    type: 'string',
    short: 'o',
    value: '<path>',
    help: 'Write a protected copy to this directory (default: in place); for report, the file',
    commands: ['secure', 'report'],
  },
  'dry-run': {
    type: 'boolean',
    short: 'n',
    help: 'Write nothing and print a unified diff',
    commands: ['secure'],
  },
  config: {
    type: 'string',
    short: 'c',
    value: '<file>',
    help: "File with the options (default: csp-hashes.config.{ts,mts,mjs,js,json}, or the plugin's in vite.config)",
  },
  json: { type: 'boolean', help: 'Print one JSON object on the standard output' },
  quiet: { type: 'boolean', short: 'q', help: 'Print errors only' },
  verbose: { type: 'boolean', help: 'Print every finding in full, however many there are' },
  threads: {
    type: 'string',
    value: '<n>',
    help: 'Worker threads (default: one for each processor, 8 at most)',
    commands: ['secure'],
  },
  cache: {
    type: 'string',
    value: '<file>',
    help: 'Keep results in this file, and skip pages that are as the last run left them',
    commands: ['secure'],
  },
  pages: {
    type: 'string',
    value: '<n>',
    help: 'For try and verify <url>, follow links to this many pages (default: 20)',
    commands: ['verify', 'try'],
  },
  browser: {
    type: 'string',
    value: '<name>',
    help: 'chromium, chrome, edge, firefox or the path of one (default: the first that is installed)',
    commands: ['try'],
  },
  'import-all': {
    type: 'boolean',
    help: 'Import every script that the import map of a page names, also what is loaded lazily',
    commands: ['try'],
  },
  script: {
    type: 'string',
    value: '<file>',
    help: 'Module whose default export is called with each page: (page, url) => …',
    commands: ['try'],
  },
  without: {
    type: 'boolean',
    help: 'Open the pages without their policy as well, and print what is different',
    commands: ['try'],
  },
  help: { type: 'boolean', short: 'h', help: 'Print this help' },
  version: { type: 'boolean', short: 'v', help: 'Print the version' },
} as const satisfies Readonly<Record<string, CommandFlag>>

export type FlagName = keyof typeof FLAGS
export type Flags = {
  readonly [Name in FlagName]?: (typeof FLAGS)[Name]['type'] extends 'boolean' ? boolean : string
}

export interface Arguments {
  readonly command: CommandName
  readonly operands: readonly string[]
  readonly flags: Flags
  /** The options that were given by flags. */
  readonly options: OptionFlags
}

function flagsOf(name: OptionName): string[] {
  const { flag, second }: OptionRow = OPTIONS[name]
  return second === undefined ? [flag] : [flag, second]
}

/** The flags of the options that `verify` uses. */
const VERIFIED: readonly string[] = [...flagsOf('origin'), ...flagsOf('pages')]

/** Options by the name of their flag. */
const optionOf: ReadonlyMap<string, OptionName> = new Map(
  OPTION_NAMES.flatMap((name) => flagsOf(name).map((flag) => [flag, name])),
)

const isCommand = (name: string | undefined): name is CommandName =>
  (COMMANDS as readonly (string | undefined)[]).includes(name)

/** Whether a command takes a flag. `verify` and `try` build no policy, so they take few of the options' flags. */
export function takes(command: CommandName, flag: string): boolean {
  const own: CommandFlag | undefined = Object.hasOwn(FLAGS, flag) ? FLAGS[flag as FlagName] : undefined
  if (own) return own.commands?.includes(command) ?? true
  if (command === 'try') return flag === OPTIONS.findings.flag
  return command !== 'verify' || VERIFIED.includes(flag)
}

/**
 * Parses the command line. The first word may name a command; the default command is `secure`.
 * @throws {UsageError} if a flag is unknown, lacks its value, or does not belong to the command
 */
export function readArguments(argv: readonly string[]): Arguments {
  const { values, positionals, tokens } = parse(argv)
  const [first] = positionals
  const command = isCommand(first) ? first : 'secure'
  const options = new Map<OptionName, string[]>()
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    if (!takes(command, token.name)) {
      const others = COMMANDS.filter((one) => takes(one, token.name)).map((one) => `csp-hashes ${one}`)
      throw new UsageError(`${command} has no flag ${token.rawName}. It belongs to ${others.join(', ')}.`)
    }
    const name = optionOf.get(token.name)
    if (name === undefined) continue
    const value = token.value ?? (token.rawName.startsWith('--no-') ? 'no' : 'yes')
    const read = token.name === OPTIONS[name].flag ? value : `${token.name}=${value}`
    options.set(name, [...(options.get(name) ?? []), read])
  }
  const operands = isCommand(first) ? positionals.slice(1) : positionals
  // To secure a directory with that name, write ./help.
  const flags: Flags = first === 'help' ? { ...values, help: true } : values
  return { command, operands, flags, options }
}

/** The flag with which an option was given, `undefined` if it was not given by a flag. */
export function flagOf({ flags, options }: Arguments, option: string): string | undefined {
  if (option === 'base') return flags.base === undefined ? undefined : 'base'
  const name = OPTION_NAMES.find((one) => one === option)
  return name !== undefined && options.has(name) ? OPTIONS[name].flag : undefined
}

function parse(argv: readonly string[]) {
  const options: NonNullable<ParseArgsConfig['options']> = { ...FLAGS }
  for (const [flag, name] of optionOf) {
    const { value }: OptionRow = OPTIONS[name]
    options[flag] = { type: value === undefined ? 'boolean' : 'string', multiple: true }
  }
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, allowNegative: true, tokens: true })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const unknown = /Unknown option '(--?[^']+)'/.exec(message)?.[1]
    if (unknown === undefined) throw new UsageError(message, { cause: error })
    const meant = nearest(unknown.replace(/^--?(?:no-)?/, ''), Object.keys(options))
    const way = meant === undefined ? 'csp-hashes --help lists all.' : `Did you mean --${meant}?`
    throw new UsageError(`There is no flag ${unknown}. ${way}`, { cause: error })
  }
}
