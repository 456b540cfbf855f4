import { parseArgs, type ParseArgsConfig } from 'node:util'
import { nearest } from '../core/text/nearest.ts'
import { UsageError } from './io.ts'

export const COMMANDS = ['secure', 'verify', 'explain', 'report'] as const
export type CommandName = (typeof COMMANDS)[number]

const FLAGS = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
  config: { type: 'string', short: 'c' },
  base: { type: 'string', short: 'b' },
  out: { type: 'string', short: 'o' },
  'dry-run': { type: 'boolean', short: 'n' },
  json: { type: 'boolean' },
  quiet: { type: 'boolean', short: 'q' },
  scripts: { type: 'string' },
  fence: { type: 'boolean' },
  algorithm: { type: 'string' },
  preset: { type: 'string' },
  directive: { type: 'string', multiple: true },
  output: { type: 'string', multiple: true },
  layout: { type: 'string' },
  'report-only': { type: 'boolean' },
  reporting: { type: 'string' },
  'integrity-policy': { type: 'string' },
  'trusted-types': { type: 'string', multiple: true },
  origin: { type: 'string', multiple: true },
  external: { type: 'string', multiple: true },
  finding: { type: 'string', multiple: true },
  pages: { type: 'string' },
  threads: { type: 'string' },
  cache: { type: 'string' },
} as const satisfies NonNullable<ParseArgsConfig['options']>

export type FlagName = keyof typeof FLAGS
export type Flags = {
  readonly [Name in FlagName]?: (typeof FLAGS)[Name] extends { readonly multiple: true }
    ? readonly string[]
    : (typeof FLAGS)[Name] extends { readonly type: 'boolean' }
      ? boolean
      : string
}

export interface Arguments {
  readonly command: CommandName
  readonly operands: readonly string[]
  readonly flags: Flags
}

const EVERYWHERE: readonly FlagName[] = ['help', 'version', 'config', 'base', 'json', 'quiet']

/** Flags that mean something to one command alone. */
const ONLY: Readonly<Record<CommandName, readonly FlagName[]>> = {
  secure: (Object.keys(FLAGS) as FlagName[]).filter((name) => name !== 'pages'),
  verify: [...EVERYWHERE, 'pages', 'origin'],
  explain: (Object.keys(FLAGS) as FlagName[]).filter(
    (name) => !['pages', 'threads', 'cache', 'out', 'dry-run'].includes(name),
  ),
  report: (Object.keys(FLAGS) as FlagName[]).filter(
    (name) => !['pages', 'threads', 'cache', 'dry-run'].includes(name),
  ),
}

function isCommand(name: string | undefined): name is CommandName {
  return (COMMANDS as readonly (string | undefined)[]).includes(name)
}

/**
 * Reads the command line. The first word may name a command; without one, `secure` is meant.
 * @throws {UsageError} if a flag is unknown, lacks its value, or does not belong to the command
 */
export function readArguments(argv: readonly string[]): Arguments {
  const { values, positionals, tokens } = parse(argv)
  const first = positionals[0]
  const command = isCommand(first) ? first : 'secure'
  const operands = isCommand(first) ? positionals.slice(1) : positionals
  for (const token of tokens) {
    if (token.kind !== 'option' || ONLY[command].includes(token.name as FlagName)) continue
    throw new UsageError(`${token.rawName} means nothing to ${command}. csp-hashes --help lists what does.`)
  }
  return { command, operands, flags: values }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: FLAGS,
      allowPositionals: true,
      allowNegative: true,
      tokens: true,
    })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const unknown = /Unknown option '(--?[^']+)'/.exec(message)?.[1]
    if (unknown === undefined) throw new UsageError(message, { cause: error })
    const meant = nearest(unknown.replace(/^--?(?:no-)?/, ''), Object.keys(FLAGS))
    const way = meant === undefined ? 'csp-hashes --help lists all.' : `Did you mean --${meant}?`
    throw new UsageError(`There is no flag ${unknown}. ${way}`, { cause: error })
  }
}
