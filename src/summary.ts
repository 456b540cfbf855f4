import { explainLine, isFindingCode, type Severity } from './core/findings/index.ts'
import { printable, printableLine } from './core/text/printable.ts'
import { optionText, type Setting } from './core/findings/option.ts'
import { flagText } from './options/flags.ts'
import type { LeftPage } from './core/page/left-pages.ts'
import type { Policy } from './core/site/model.ts'
import type { SecuredPage, SecuredSite } from './pipeline.ts'

const MOST_ROWS = 20
const MOST_LEFT = 5

/** Smaller import maps have no noticeable cost for visitors. */
const LARGE_IMPORT_MAP = 20_000

interface Column {
  readonly title: string
  readonly align: 'left' | 'right'
}

const COLUMNS: readonly Column[] = [
  { title: 'page', align: 'left' },
  { title: 'inline hashed', align: 'right' },
  { title: 'files pinned', align: 'right' },
  { title: 'policy', align: 'right' },
  { title: 'delivered', align: 'left' },
]

function table(rows: readonly (readonly string[])[]): string[] {
  const all = [COLUMNS.map((column) => column.title), ...rows]
  const widths = COLUMNS.map((_, index) => Math.max(...all.map((row) => (row[index] ?? '').length)))
  return all.map((row) =>
    row
      .map((cell, index) =>
        COLUMNS[index]?.align === 'right'
          ? cell.padStart(widths[index] ?? 0)
          : cell.padEnd(widths[index] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  )
}

/**
 * A table with a row for each page: its hashes and pins, the size of its policy, and where the policy was written.
 */
export function summaryTable(
  {
    pages: built,
    entries = [],
    places,
    left,
    findings,
  }: Pick<SecuredSite, 'places' | 'entries' | 'left' | 'findings'> & {
    readonly pages: readonly Pick<SecuredPage, 'path' | 'summary' | 'policies'>[]
  },
  door: TellSettings['door'],
): string {
  const pages = [...built.map((page) => ({ ...page, place: places.join(', ') })), ...entries]
  const rows = pages
    .slice(0, MOST_ROWS)
    .map(({ path, summary, place }) => [
      printableLine(path),
      String(summary.inlineScripts),
      String(summary.pinnedFiles),
      `${summary.policyLength} B`,
      place,
    ])
  const rest = pages.length - rows.length
  return [
    ...table(rows),
    ...(rest > 0 ? [`… and ${rest} more pages`] : []),
    ...leftLines(left),
    ...(findings.some(({ code }) => code === 'chunks-unpinned')
      ? [
          'not pinned   chunks that a runtime loads by script elements: their directory is trusted, not their bytes',
        ]
      : []),
    ...originLine(pages[0]?.policies ?? []),
    ...importMapLine(
      pages.map(({ path, summary }) => ({ path, length: summary.importMapLength })),
      door,
    ),
  ].join('\n')
}

/** Lists the files that were not changed, one line per reason. */
export function leftLines(left: SecuredSite['left']): string[] {
  const line = (why: LeftPage['why'], head: string, because: string): string[] => {
    const paths = left.flatMap((one) => (one.why === why ? [one.path] : []))
    const more = paths.length > MOST_LEFT ? ` and ${paths.length - MOST_LEFT} more` : ''
    return paths.length === 0 ? [] : [`${head}  ${paths.slice(0, MOST_LEFT).join(', ')}${more}: ${because}`]
  }
  return [
    ...line('excluded', 'unprotected', 'left out by the option pages'),
    ...line('fragment', 'left as is ', 'no document in it, so it was not changed'),
  ]
}

/** The origins on which the scripts run, if the policy names some of them. */
function originLine(policies: readonly Policy[]): string[] {
  const sources = [...(policies[0]?.directives.get('script-src-elem') ?? [])]
  const hosts = sources.flatMap(({ expression, reason }) =>
    reason.kind === 'directory' && reason.directory.startsWith('/')
      ? [expression.replace(/^((?:[a-z]+:\/\/)?[^/]+).*$/, '$1')]
      : [],
  )
  if (!hosts.includes('https://*:*')) return []
  const named = [...new Set(hosts)]
    .filter((host) => !host.includes('*:*'))
    .map((host) => `http://${host.replace(/^http:\/\/|:\*$/g, '')}`)
  // Safari ignores a source that has neither a scheme nor a host name.
  const others = hosts.includes('*:*') ? 'other http origins not in Safari' : 'no other http origin'
  return [`runs on     https, and on ${[...named, others].join(', on ')}: the option origin names more`]
}

/** Reports the size of a large import map: every visitor loads it, and hashes hardly compress. */
function importMapLine(
  maps: readonly { readonly path: string; readonly length: number }[],
  door: TellSettings['door'],
): string[] {
  const large = maps.filter(({ length }) => length >= LARGE_IMPORT_MAP)
  const [first, ...others] = large.toSorted((a, b) => b.length - a.length)
  if (!first) return []
  const size = `${(first.length / 1000).toFixed(0)} kB, more than half of it when compressed`
  const path = printableLine(first.path)
  const where = others.length > 0 ? `${path}, the largest of ${large.length}` : path
  const setting = { algorithm: 'sha256' }
  const option = (door === 'command' ? flagText(setting) : undefined) ?? optionText(setting)
  return [`import map  ${size}: ${where}. ${option} makes it a quarter smaller.`]
}

/** The table and the notes, for the build log. */
export function summaryText({
  notes,
  ...site
}: Parameters<typeof summaryTable>[0] & Pick<SecuredSite, 'notes'>): string {
  return [summaryTable(site, 'plugin'), ...notes.map(printable)].join('\n')
}

/** A message printed by the plugin or the command: a finding of the pipeline, or a refusal of the oracle. */
export interface Message {
  readonly code: string
  readonly severity: Severity
  readonly message: string
  readonly hint?: string
  /** The options that the hint mentions. */
  readonly options?: readonly Setting[]
  readonly location?:
    | { readonly file: string; readonly line: number; readonly column: number; readonly frame?: string }
    | undefined
  /** The engines or hosts to which it applies, if not to all. */
  readonly context?: string
}

export interface TellSettings {
  /** The plugin shows options as written in a configuration; the command shows flags. */
  readonly door: 'plugin' | 'command'
  /** Print every message in full. */
  readonly verbose: boolean
}

/** Further lines of messages are printed only if the user asks for them. */
const MOST_LINES = 60
const MOST_PLACES = 3

const ORDER: readonly Severity[] = ['error', 'warn', 'info']

function groupedBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}

/**
 * Groups messages with the same fix: each group is printed as one text and one code frame, with all of its places.
 */
function groupsOf(messages: readonly Message[]): Message[][] {
  const codes = groupedBy(messages, ({ severity, code }) => `${severity} ${code}`)
  return [...codes.values()]
    .toSorted(([a], [b]) => ORDER.indexOf(a?.severity ?? 'info') - ORDER.indexOf(b?.severity ?? 'info'))
    .flatMap((same) => [
      ...groupedBy(same, ({ message, hint, location, context }) =>
        JSON.stringify([hint, context, location && hint !== undefined ? '' : message]),
      ).values(),
    ])
}

/** The hint as shown by the command: options that have flags are written as flags. */
export function hintText(
  { hint, options = [] }: Pick<Message, 'hint' | 'options'>,
  door: TellSettings['door'],
) {
  if (door === 'plugin') return hint
  return options.reduce(
    (text, option) => text?.replace(optionText(option), (written) => flagText(option) ?? written),
    hint,
  )
}

function headline(
  { severity, message, code, location, context }: Message,
  door: TellSettings['door'],
): string {
  const level = door === 'command' ? `${severity}: ` : ''
  const where = location ? `${location.file}:${location.line}:${location.column} ` : ''
  return `${level}${where}${message} [${code}]${context === undefined ? '' : ` (${context})`}`
}

/** The other places of a message: `about.html:3:1, blog.html:3:1 and 12 more places`. */
function otherPlaces(others: readonly Message[], { verbose }: TellSettings): string[] {
  const places = [
    ...new Set(others.flatMap(({ location: at }) => (at ? `${at.file}:${at.line}:${at.column}` : []))),
  ]
  if (places.length === 0) return []
  const shown = verbose ? places : places.slice(0, MOST_PLACES)
  const rest = places.length - shown.length
  return [
    `  Also at ${shown.join(', ')}${rest > 0 ? ` and ${rest} more ${rest === 1 ? 'place' : 'places'}` : ''}.`,
  ]
}

function fullText([first, ...others]: readonly Message[], settings: TellSettings): string[] {
  if (!first) return []
  const hint = hintText(first, settings.door)
  return [
    headline(first, settings.door),
    ...(first.location?.frame === undefined ? [] : first.location.frame.split('\n')),
    ...(hint === undefined ? [] : [`  ${hint}`]),
    ...otherPlaces(others, settings),
    ...(isFindingCode(first.code) ? [`  ${explainLine(first.code)}`] : []),
  ].map(printableLine)
}

interface Block {
  readonly group: readonly Message[]
  readonly lines: readonly string[]
}

const severityOf = ({ group }: Block): Severity => group[0]?.severity ?? 'info'

const height = (blocks: readonly Block[]): number =>
  blocks.reduce((sum, { lines }) => sum + lines.length + 1, 0)

/** Shortens each group to one line, except the first group of each code. */
function shortened(blocks: readonly Block[], { door }: TellSettings): Block[] {
  const seen = new Set<string>()
  return blocks.map(({ group, lines }) => {
    const [first] = group
    const known = first && seen.has(first.code)
    if (first) seen.add(first.code)
    const more = group.length > 1 ? ` (${group.length} places)` : ''
    return { group, lines: known ? [printableLine(`${headline(first, door)}${more}`)] : lines }
  })
}

function restText(rest: readonly Block[], { door }: TellSettings): string {
  const counts = groupedBy(
    rest.flatMap(({ group }) => group),
    ({ code }) => code,
  )
  const codes = [...counts].map(([code, { length }]) => `${length} ${code}`).join(', ')
  const way = door === 'command' ? '--verbose' : 'vite build --debug csp-hashes'
  return `… and ${codes}. ${way} prints everything.`
}

/** Messages as text, by severity. Repeated messages are grouped, and the whole is cut at {@link MOST_LINES}. */
export function messageTexts(messages: readonly Message[], settings: TellSettings): Map<Severity, string> {
  let blocks: Block[] = groupsOf(messages).map((group) => ({ group, lines: fullText(group, settings) }))
  if (!settings.verbose && height(blocks) > MOST_LINES) blocks = shortened(blocks, settings)
  if (!settings.verbose && height(blocks) > MOST_LINES) {
    let shown = 0
    for (let lines = 0; shown < blocks.length; shown++) {
      lines += height(blocks.slice(shown, shown + 1))
      if (shown > 0 && lines > MOST_LINES - 2) break
    }
    const rest = blocks.slice(shown)
    blocks = blocks.slice(0, shown)
    const last = blocks.at(-1)
    if (last && rest.length > 0) blocks.push({ group: last.group, lines: [restText(rest, settings)] })
  }
  const texts = groupedBy(blocks, severityOf)
  return new Map(
    [...texts].map(([severity, own]) => [severity, own.map(({ lines }) => lines.join('\n')).join('\n\n')]),
  )
}

/** Messages as one text, a blank line between them. */
export function messagesText(messages: readonly Message[], settings: TellSettings): string {
  return [...messageTexts(messages, settings).values()].join('\n\n')
}
