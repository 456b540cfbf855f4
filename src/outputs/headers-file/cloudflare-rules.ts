import { isPathLine, patternKey } from './blocks.ts'
import type { HostLimits } from '../limits.ts'

/** How a host understands a `_headers` file. */
export interface HeadersFileHost {
  /** Name of its output. */
  readonly name: string
  readonly limits: HostLimits
  /** Whether a rule for a path pattern applies to a request. */
  matches(pattern: string, requestPath: string): boolean
  /** The headers of a response, by lower-case name. */
  read(text: string, requestPath: string): ReadonlyMap<string, string>
}

const SOURCE = 'https://developers.cloudflare.com/workers/static-assets/headers/'
const LINE = 2000
const RULES = 100

interface Rule {
  readonly pattern: string
  readonly set: Map<string, string>
  readonly unset: Set<string>
}

/** One pattern as a regular expression; `undefined` where the host skips the rule. */
function expressionOf(pattern: string): RegExp | undefined {
  const path = pattern.replace(/^https:\/\/+[^/]+/, '')
  if (path.split('*').length > 2) return undefined
  const source = path
    .split(/(\*|:[A-Za-z]\w*)/)
    .map((part, index) => {
      if (index % 2 === 0) return part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
      return part === '*' ? '(?<splat>.*)' : `(?<${part.slice(1)}>[^/]+)`
    })
    .join('')
  try {
    return new RegExp(`^${source}$`)
  } catch {
    // The same placeholder twice.
    return undefined
  }
}

function addLine(rule: Rule, line: string): void {
  const colon = line.indexOf(':')
  if (colon === -1) {
    if (line.startsWith('! ')) rule.unset.add(line.slice(2).trim().toLowerCase())
    return
  }
  const name = line.slice(0, colon).trim().toLowerCase()
  const value = line.slice(colon + 1).trim()
  if (name === '' || name.includes(' ') || value === '') return
  const present = rule.set.get(name)
  rule.set.set(name, present === undefined ? value : `${present}, ${value}`)
}

function rulesOf(text: string): Rule[] {
  const rules: Rule[] = []
  for (const raw of text.split('\n')) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#') || line.length > LINE) continue
    if (!isPathLine(line)) {
      const rule = rules.at(-1)
      if (rule) addLine(rule, line)
      continue
    }
    if (rules.filter(({ set, unset }) => set.size + unset.size > 0).length >= RULES) break
    rules.push({ pattern: patternKey(line), set: new Map(), unset: new Set() })
  }
  // A later rule for the same path replaces an earlier one, in the earlier one's place.
  const byPattern = new Map<string, Rule>()
  for (const rule of rules) if (rule.set.size + rule.unset.size > 0) byPattern.set(rule.pattern, rule)
  return [...byPattern.values()]
}

export const cloudflareRules: HeadersFileHost = {
  name: 'cloudflare',
  limits: {
    host: 'Cloudflare',
    field: {
      characters: LINE,
      measured: ({ name, value }) => `  ${name}: ${value}`,
      effect: 'drops every line, and so leaves pages without a policy,',
      source: SOURCE,
    },
    rules: { count: RULES, source: SOURCE },
    joinsRepeated: true,
  },
  matches: (pattern, requestPath) => expressionOf(patternKey(pattern))?.test(requestPath) ?? false,
  read(text, requestPath) {
    const headers = new Map<string, string>()
    for (const { pattern, set, unset } of rulesOf(text)) {
      const groups = expressionOf(pattern)?.exec(requestPath)?.groups
      if (!expressionOf(pattern)?.test(requestPath)) continue
      for (const name of unset) headers.delete(name)
      for (const [name, value] of set) {
        const filled = Object.entries(groups ?? {}).reduce(
          (all, [key, part]) => all.replaceAll(`:${key}`, part),
          value,
        )
        const present = headers.get(name)
        headers.set(name, present === undefined ? filled : `${present}, ${filled}`)
      }
    }
    return headers
  },
}
