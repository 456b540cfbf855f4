import { compilePattern, type Pattern } from './pattern.ts'

const TOKEN =
  /(?<all>\*\*\/)|(?<below>\*\*)|(?<part>\*)|(?<one>\?)|(?<set>\[[!^]?\]?[^\]/]*\])|(?<open>\{)|(?<close>\})|(?<comma>,)|\\?(?<plain>[^])/gu

interface Tokens {
  /** True if all braces are balanced. Otherwise braces and commas are literal characters. */
  readonly paired: boolean
  depth: number
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

function part(groups: Readonly<Record<string, string | undefined>>, tokens: Tokens): string {
  const { all, below, part: within, one, set, open, close, comma, plain = '' } = groups
  if (all !== undefined) return '(?:.*\\/)?'
  if (below !== undefined) return '.*'
  if (within !== undefined) return '[^\\/]*'
  if (one !== undefined) return '[^\\/]'
  if (set !== undefined) {
    const negated = /^\[[!^]/.test(set)
    const members = set.slice(negated ? 2 : 1, -1).replace(/[\\\][^]/g, '\\$&')
    return `(?!\\/)[${negated ? '^' : ''}${members}]`
  }
  const brace = open ?? close ?? comma
  if (brace === undefined || !tokens.paired || (brace === ',' && tokens.depth === 0))
    return escaped(brace ?? plain)
  if (brace === '{') tokens.depth += 1
  if (brace === '}') tokens.depth -= 1
  return { '{': '(?:', '}': ')', ',': '|' }[brace] ?? ''
}

function isPaired(glob: string): boolean {
  let depth = 0
  for (const [brace] of glob.matchAll(/\\[^]|[{}]/g)) {
    depth += { '{': 1, '}': -1 }[brace] ?? 0
    if (depth < 0) return false
  }
  return depth === 0
}

/**
 * Compiles a glob with the usual syntax: `*` and `?` stay within a folder, `**` crosses folders, `{a,b}` and `[a-z]`
 * are alternatives, and a trailing slash matches everything below. `undefined` if the glob is too long or contains an
 * invalid set.
 */
export function compileGlob(glob: string): Pattern | undefined {
  const path = glob.replace(/^(?:\.?\/)+/, '').replace(/\/$/, '/**')
  const tokens: Tokens = { paired: isPaired(path), depth: 0 }
  const expression = [...path.matchAll(TOKEN)].map(({ groups = {} }) => part(groups, tokens)).join('')
  return compilePattern(`^${expression}$`, 'u')
}
