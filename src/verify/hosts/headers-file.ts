/**
 * A `_headers` file as hosts read it. Hosts disagree on what several rules for one path mean, so a reading is one of
 * theirs.
 */
export type HeadersReading = 'netlify' | 'cloudflare'

interface Rule {
  readonly path: string
  readonly matches: RegExp
  readonly headers: readonly (readonly [string, string])[]
  readonly removed: readonly string[]
}

type Header = readonly [string, string]

function patternOf(path: string): RegExp {
  const escaped = path.replace(/[\\^$+?.()|[\]{}]/g, '\\$&')
  return new RegExp(`^${escaped.replaceAll('*', '.*').replace(/\/:[A-Za-z]\w*/g, '/[^/]+')}$`)
}

function readRules(text: string): Rule[] {
  const rules: { path: string; matches: RegExp; headers: Header[]; removed: string[] }[] = []
  for (const raw of text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const rule = rules.at(-1)
    const colon = line.indexOf(':')
    if (/^(?:\/|https?:\/\/)/.test(line) && !/^\s/.test(raw)) {
      const path = line.replace(/^https?:\/\/[^/]*/, '')
      rules.push({ path, matches: patternOf(path), headers: [], removed: [] })
    } else if (line.startsWith('!')) rule?.removed.push(line.slice(1).trim().toLowerCase())
    else if (colon > 0)
      rule?.headers.push([line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()])
  }
  return rules
}

/** The same header twice in one block is joined by both hosts. */
function joined(headers: readonly Header[]): Map<string, string> {
  const byName = new Map<string, string>()
  for (const [name, value] of headers) {
    const known = byName.get(name)
    byName.set(name, known === undefined ? value : `${known}, ${value}`)
  }
  return byName
}

/** Cloudflare drops what is longer. */
const CLOUDFLARE_LINE = 2000

function asCloudflare(rules: readonly Rule[], path: string): Map<string, string> {
  // A second block for the same path replaces the first; several rules that match are joined, in file order.
  const blocks = new Map(rules.map((rule) => [rule.path, rule]))
  const sent = new Map<string, string>()
  for (const rule of blocks.values()) {
    if (!rule.matches.test(path)) continue
    for (const name of rule.removed) sent.delete(name)
    for (const [name, value] of joined(rule.headers)) {
      if (name.length + value.length + 2 > CLOUDFLARE_LINE) continue
      const known = sent.get(name)
      sent.set(name, known === undefined ? value : `${known}, ${value}`)
    }
  }
  return sent
}

function asNetlify(rules: readonly Rule[], path: string): Map<string, string> {
  const blocks = new Map<string, Header[]>()
  for (const { path: key, matches, headers } of rules) {
    if (matches.test(path)) blocks.set(key, [...(blocks.get(key) ?? []), ...headers])
  }
  const sent = new Map<string, string>()
  for (const headers of blocks.values()) for (const [name, value] of joined(headers)) sent.set(name, value)
  return sent
}

/** The headers that a host sends for a path, by its reading of the file. */
export function headersReader(text: string, reading: HeadersReading): (path: string) => Iterable<Header> {
  const rules = readRules(text)
  return (path) => (reading === 'cloudflare' ? asCloudflare(rules, path) : asNetlify(rules, path))
}
