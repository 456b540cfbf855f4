/** A JSON schema. */
export type Schema = Readonly<Record<string, unknown>>

/** The values of an option's flags, in the order of the command line. A flag without a value gives `yes` or `no`. */
export type FlagValues = readonly string[]

/** An option as the documentation, the command line and the schema of the configuration file describe it. */
export interface OptionRow {
  /** Name of the flag, without the dashes. */
  readonly flag: string
  /** The value of the flag as `--help` shows it. Missing for a flag without a value, which `--no-` negates. */
  readonly value?: string
  /** A second flag of the same option. `read` gets its values with the prefix `<flag>=`. */
  readonly second?: string
  /** The default as written in code; `-` if there is none. */
  readonly default: string
  /** One line, in Markdown. */
  readonly help: string
  readonly schema: Schema
  /** Combines the values of the flags with the configured value. The result is validated later. */
  read(flags: FlagValues, configured: unknown): unknown
  /** The flags for a value, quoted for a shell; `undefined` if only a configuration file can express it. */
  write(value: unknown): string | undefined
}

type Row = Pick<OptionRow, 'flag' | 'default' | 'help'> & { readonly value?: string }

/** Quotes an argument for POSIX shells, PowerShell and cmd. */
function quoted(text: string): string {
  return /^[\w./:@=,+-]+$/.test(text) ? text : `"${text.replace(/["\\$`]/g, '\\$&')}"`
}

const listed = (flags: FlagValues): string[] =>
  flags.flatMap((value) => value.split(',')).filter((value) => value !== '')

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value])

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** An option that is true or false. */
export function onOff(row: Row): OptionRow {
  return {
    ...row,
    schema: { type: 'boolean' },
    read: (flags) => flags.at(-1) === 'yes',
    write: (value) =>
      typeof value === 'boolean' ? (value ? `--${row.flag}` : `--no-${row.flag}`) : undefined,
  }
}

/** An option whose value is one of several names. */
export function choice(choices: readonly string[], row: Row): OptionRow {
  return { ...text(row), value: `<${choices.join(' | ')}>`, schema: { enum: choices } }
}

/** An option whose value is any text. */
export function text(row: Row): OptionRow {
  return {
    value: '<text>',
    ...row,
    schema: { type: 'string' },
    read: (flags) => flags.at(-1),
    write: (value) => (typeof value === 'string' ? `--${row.flag} ${quoted(value)}` : undefined),
  }
}

/** An option with one or several names. In a flag, commas separate them. */
export function list(item: Schema, row: Row): OptionRow {
  return {
    value: '<name,…>',
    ...row,
    schema: { anyOf: [item, { type: 'array', items: item }] },
    read: (flags) => listed(flags),
    write(value) {
      const items = asList(value)
      const isText = items.every((one) => typeof one === 'string')
      return isText ? `--${row.flag} ${quoted(items.join(','))}` : undefined
    },
  }
}

/** An option with two lists of globs, each with its own flag. A glob may contain commas, so a flag has one glob. */
export function globs(row: Row & { readonly second: string }): OptionRow {
  const strings = { type: 'array', items: { type: 'string' } }
  const schema = { anyOf: [{ type: 'string' }, strings] }
  const names = [row.second, row.flag]
  const marker = `${row.second}=`
  return {
    value: '<glob>',
    ...row,
    schema: {
      type: 'object',
      properties: Object.fromEntries(names.map((name) => [name, schema])),
      additionalProperties: false,
    },
    read(flags, configured) {
      const second = flags.flatMap((value) => (value.startsWith(marker) ? value.slice(marker.length) : []))
      const first = flags.filter((value) => !value.startsWith(marker))
      return {
        ...(isRecord(configured) ? configured : {}),
        ...(second.length > 0 ? { [row.second]: second } : {}),
        ...(first.length > 0 ? { [row.flag]: first } : {}),
      }
    },
    write: (value) =>
      isRecord(value)
        ? names
            .flatMap((name) =>
              value[name] === undefined ? [] : asList(value[name]).map((one) => [name, one]),
            )
            .map(([name, glob]) => `--${name} ${quoted(String(glob))}`)
            .join(' ')
        : undefined,
  }
}

/** How a flag expresses one entry of a record. */
export interface EntrySyntax {
  /** Parses the text of a flag. `join` combines values of the same name. */
  read(text: string): readonly [name: string, value: unknown]
  join?(earlier: unknown, value: unknown): unknown
  /** True if a flag may have several entries, separated by commas. */
  readonly commas?: true
  write(name: string, value: unknown): string
}

/** An option with values by name. A flag replaces the configured value of the same name. */
export function record({ read, join, commas, write }: EntrySyntax, schema: Schema, row: Row): OptionRow {
  return {
    ...row,
    schema: { type: 'object', ...schema },
    read(flags, configured) {
      const given = new Map<string, unknown>()
      for (const flag of commas ? listed(flags) : flags) {
        const [name, value] = read(flag)
        given.set(name, given.has(name) && join ? join(given.get(name), value) : value)
      }
      return { ...(isRecord(configured) ? configured : {}), ...Object.fromEntries(given) }
    },
    write: (value) =>
      isRecord(value)
        ? Object.entries(value)
            .map(([name, one]) => `--${row.flag} ${quoted(write(name, one))}`)
            .join(' ')
        : undefined,
  }
}
