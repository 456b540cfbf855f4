/** A JSON schema. */
export type Schema = Readonly<Record<string, unknown>>

/** The flags of one option as they stand behind each other on the command line: `yes` and `no` for one without a value. */
export type FlagValues = readonly string[]

/** Everything that the documentation, the command line and the schema of a configuration say about one option. */
export interface OptionRow {
  /** Name of the flag, without dashes. */
  readonly flag: string
  /** The value of the flag as `--help` shows it; none for a flag that says yes, or no with `--no-`. */
  readonly value?: string
  /** A second flag of the same option, with a value as well; `read` finds its values behind `<flag>=`. */
  readonly second?: string
  /** The default as it is written in code; `-` for none. */
  readonly default: string
  /** One line, in Markdown. */
  readonly help: string
  readonly schema: Schema
  /** The option that flags give, over the configured one. It is validated later, as one from a file is. */
  read(flags: FlagValues, configured: unknown): unknown
  /** The flags that give this value, quoted for a shell; `undefined` where only a configuration can. */
  write(value: unknown): string | undefined
}

type Row = Pick<OptionRow, 'flag' | 'default' | 'help'> & { readonly value?: string }

/** Quotes an argument so that POSIX shells, PowerShell and cmd read it alike. */
function quoted(text: string): string {
  return /^[\w./:@=,+-]+$/.test(text) ? text : `"${text.replace(/["\\$`]/g, '\\$&')}"`
}

const listed = (flags: FlagValues): string[] =>
  flags.flatMap((value) => value.split(',')).filter((value) => value !== '')

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value])

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** True or false. */
export function onOff(row: Row): OptionRow {
  return {
    ...row,
    schema: { type: 'boolean' },
    read: (flags) => flags.at(-1) === 'yes',
    write: (value) =>
      typeof value === 'boolean' ? (value ? `--${row.flag}` : `--no-${row.flag}`) : undefined,
  }
}

/** One of a few names. */
export function choice(choices: readonly string[], row: Row): OptionRow {
  return { ...text(row), value: `<${choices.join(' | ')}>`, schema: { enum: choices } }
}

/** A text. */
export function text(row: Row): OptionRow {
  return {
    value: '<text>',
    ...row,
    schema: { type: 'string' },
    read: (flags) => flags.at(-1),
    write: (value) => (typeof value === 'string' ? `--${row.flag} ${quoted(value)}` : undefined),
  }
}

/** One or several names, separated by commas in a flag. */
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

/** Two lists of globs, each with a flag of its own. Commas belong to globs, so each flag holds one. */
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

/** How one entry of a record is written behind its flag. */
export interface EntrySyntax {
  /** Name and value of a text; the value is added to an earlier one of the same name by `join`. */
  read(text: string): readonly [name: string, value: unknown]
  join?(earlier: unknown, value: unknown): unknown
  /** Whether one flag holds several entries, separated by commas. */
  readonly commas?: true
  write(name: string, value: unknown): string
}

/** Values by name. A flag replaces the configured value of the same name. */
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
