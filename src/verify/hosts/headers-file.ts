import { compilePattern, type Pattern } from '../../bounded/pattern.ts'
import { type Header, type HostFile, type HostProblem, isPolicy, literal } from './host-file.ts'

const FILE = '_headers'

/** A line of the file without surrounding white space. */
interface Line {
  readonly text: string
  readonly number: number
}

interface Rule {
  readonly matches: Pattern
  readonly removed: string[]
  readonly headers: Map<string, string>
}

interface NetlifyRule {
  readonly matches: (path: string) => boolean
  readonly fields: Field[]
}

/** A header line, `Name: value`. */
interface Field {
  readonly name: string
  readonly value: string
}

/** One line after the other: a file may have a million. */
function* linesOf(text: string): Generator<Line> {
  let number = 0
  for (let start = 0; start <= text.length; number++) {
    const end = text.indexOf('\n', start)
    const line = text.slice(start, end === -1 ? text.length : end).trim()
    if (line !== '' && !line.startsWith('#')) yield { text: line, number: number + 1 }
    start = end === -1 ? text.length + 1 : end + 1
  }
}

function fieldOf(line: string): Field | undefined {
  const colon = line.indexOf(':')
  if (colon === -1) return undefined
  return { name: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() }
}

/** If a rule lists a header twice, the host sends it once with both values. */
function addTo(headers: Map<string, string>, { name, value }: Field): void {
  const present = headers.get(name)
  headers.set(name, present === undefined ? value : `${present}, ${value}`)
}

function headersOf(fields: readonly Field[]): Map<string, string> {
  const headers = new Map<string, string>()
  for (const field of fields) addTo(headers, field)
  return headers
}

/** Collects the policies that a host drops, with the reasons. */
class Dropped {
  readonly problems: HostProblem[] = []

  constructor(private readonly host: string) {}

  add({ text, number: line }: Line, why: string): void {
    if (!isPolicy(fieldOf(text)?.name ?? '')) return
    const message = `${this.host} drops this policy: ${why}.`
    this.problems.push({ file: FILE, line, message, fatal: false })
  }
}

const NO_PATH = 'no path stands above it'
const NO_VALUE = 'it has no value'

/**
 * Ignores case and a trailing slash. A `*` that is a whole segment also matches no segment. `undefined` if the pattern
 * cannot be read. A path without a wildcard is compared as text, because compiled patterns take much memory.
 */
function netlifyMatch(path: string): NetlifyRule['matches'] | undefined {
  const segments = path
    .split('/')
    .map((segment) => segment.trimEnd())
    .filter((segment) => segment !== '')
  if (/^[!-~]*$/.test(path) && !/\*|\/:/.test(path)) {
    const wanted = `/${segments.join('/')}`.toLowerCase()
    return (asked) => /^[!-~]*$/.test(asked) && asked.replace(/(?<=.)\/$/, '').toLowerCase() === wanted
  }
  const sources = segments.map((segment) => {
    if (segment.startsWith(':')) return '[^/]+'
    if (segment === '*') return '?.*'
    // Netlify escapes a segment only if it has no wildcard.
    return segment.includes('*') ? segment.replaceAll(/\*+/g, '.*') : literal(segment)
  })
  const pattern = compilePattern(`^/${sources.join('/')}/?$`, 'iu')
  return pattern && ((asked) => pattern.test(asked))
}

function netlifyRules(text: string, dropped: Dropped): NetlifyRule[] {
  const rules: NetlifyRule[] = []
  let fields: Field[] | undefined
  let skipped = NO_PATH
  for (const line of linesOf(text)) {
    if (line.text.startsWith('/')) {
      const matches = netlifyMatch(line.text)
      fields = matches && []
      skipped = 'this check cannot read the pattern above it'
      if (matches && fields) rules.push({ matches, fields })
      continue
    }
    const field = fieldOf(line.text)
    if (!field || field.name === '') continue
    if (field.value === '') dropped.add(line, NO_VALUE)
    else if (fields) fields.push(field)
    else dropped.add(line, skipped)
  }
  return rules
}

/** `_headers` as Netlify reads it: if several rules set a header, the last rule wins. */
export const netlify: HostFile = {
  host: 'netlify',
  files: [FILE],
  root: 'site',
  read(textOf) {
    const dropped = new Dropped('Netlify')
    const rules = netlifyRules(textOf(FILE) ?? '', dropped)
    return {
      problems: dropped.problems,
      headers({ path }) {
        // Between rules, Netlify compares header names case-sensitively; in the response, the names are in lower case.
        const written = new Map(
          rules.filter(({ matches }) => matches(path)).flatMap(({ fields }) => [...headersOf(fields)]),
        )
        const sent = [...written].map(([name, value]): Header => [
          name.toLowerCase(),
          value.split(/\s*,\s*/).join(', '),
        ])
        return [...new Map(sent)]
      },
    }
  },
}

/** Cloudflare drops longer lines. */
const CLOUDFLARE_LINE = 2000

/** The maximum number of complete rules. Cloudflare ignores every path after that; the rule before it still counts. */
const CLOUDFLARE_RULES = 100

/** The path of a rule, encoded in the way Cloudflare encodes it. */
function cloudflarePath(text: string): string | undefined {
  return URL.canParse(`//${text}`, 'relative://') ? new URL(`//${text}`, 'relative://').pathname : undefined
}

function cloudflarePattern(path: string): Pattern | undefined {
  const source = path
    .split(/(\*|:[A-Za-z]\w*)/)
    .map((part, index) => {
      if (index % 2 === 0) return literal(part)
      return part === '*' ? '(?<splat>.*)' : `(?<${part.slice(1)}>[^/]+)`
    })
    .join('')
  return compilePattern(`^${source}$`)
}

class CloudflareFile {
  /** By path: a second rule for the same path replaces the first. */
  readonly rules = new Map<string, Rule>()
  private count = 0
  private current: { readonly path: string; readonly rule: Rule } | undefined
  /** The reason for dropping the headers below the last path line. */
  private skipped = NO_PATH

  constructor(
    text: string,
    private readonly dropped: Dropped,
  ) {
    for (const line of linesOf(text)) {
      if (line.text.length > CLOUDFLARE_LINE)
        dropped.add(
          line,
          `the line has ${line.text.length} characters, and at most ${CLOUDFLARE_LINE} are read`,
        )
      else if (this.count > CLOUDFLARE_RULES) dropped.add(line, this.skipped)
      else if (/^(?:\/|\S+:\/\/)/.test(line.text)) this.path(line.text)
      else this.header(line)
    }
    this.end()
  }

  private path(text: string): void {
    const full = this.count >= CLOUDFLARE_RULES
    this.end()
    if (full) {
      this.count = Infinity
      this.skipped = `it stands behind ${CLOUDFLARE_RULES} rules, the most that are read`
      return
    }
    this.skipped = ''
    if (!text.startsWith('/'))
      this.skipped = 'its rule is for one host name alone, and this check does not know yours'
    else if (text.split('*').length > 2) this.skipped = 'the path above it has two wildcards'
    const path = this.skipped === '' ? cloudflarePath(text) : undefined
    const matches = path === undefined ? undefined : cloudflarePattern(path)
    if (path !== undefined && matches)
      this.current = { path, rule: { matches, removed: [], headers: new Map() } }
    else this.skipped ||= 'Cloudflare cannot read the path above it'
  }

  private header(line: Line): void {
    const field = fieldOf(line.text)
    const rule = this.current?.rule
    if (!field) {
      if (line.text.startsWith('! ')) rule?.removed.push(line.text.slice(2).trim().toLowerCase())
      return
    }
    const name = field.name.toLowerCase()
    if (name === '' || name.includes(' ')) return
    if (field.value === '') this.dropped.add(line, NO_VALUE)
    else if (rule) addTo(rule.headers, { ...field, name })
    else this.dropped.add(line, this.skipped)
  }

  /** Stores the rule whose last line has been read. */
  private end(): void {
    const { path, rule } = this.current ?? {}
    this.current = undefined
    if (path === undefined || !rule || rule.headers.size + rule.removed.length === 0) return
    this.rules.set(path, rule)
    this.count += 1
  }
}

/** `_headers` as Cloudflare reads it: the values of all matching rules are joined, unless a rule removes them first. */
export const cloudflare: HostFile = {
  host: 'cloudflare',
  files: [FILE],
  root: 'site',
  read(textOf) {
    const dropped = new Dropped('Cloudflare')
    const { rules } = new CloudflareFile(textOf(FILE) ?? '', dropped)
    return {
      problems: dropped.problems,
      headers({ path }) {
        const sent = new Map<string, string>()
        for (const { matches, removed, headers } of rules.values()) {
          const captured = matches.exec(path)
          if (!captured) continue
          for (const name of removed) sent.delete(name)
          for (const [name, value] of headers) {
            const parts = Object.entries(captured)
            const filled = parts.reduce((all, [key, part]) => all.replaceAll(`:${key}`, part), value)
            addTo(sent, { name, value: filled })
          }
        }
        return [...sent]
      },
    }
  },
}
