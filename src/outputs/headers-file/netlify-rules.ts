import type { HeadersFileHost } from './cloudflare-rules.ts'

/** Case does not matter, nor a slash at the end; `*` alone in a segment also stands for no segment at all. */
function matches(pattern: string, requestPath: string): boolean {
  const source = pattern
    .split('/')
    .filter((segment) => segment.trim() !== '')
    .map((segment) => {
      if (segment.startsWith(':')) return '/[^/]+'
      if (segment === '*') return '/?.*'
      const literal = segment.trimEnd().replace(/[\\^$.+?()[\]{}|]/g, '\\$&')
      return `/${literal.replaceAll('*', '.*')}`
    })
    .join('')
  return new RegExp(`^${source}/?$`, 'iu').test(requestPath)
}

interface Rule {
  readonly pattern: string
  readonly set: Map<string, string>
}

function rulesOf(text: string): Rule[] {
  const rules: Rule[] = []
  for (const raw of text.split('\n')) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    if (line.startsWith('/')) rules.push({ pattern: line, set: new Map() })
    const colon = line.indexOf(':')
    const set = rules.at(-1)?.set
    if (line.startsWith('/') || colon === -1 || !set) continue
    const name = line.slice(0, colon).trim()
    const value = line.slice(colon + 1).trim()
    if (name !== '' && value !== '') set.set(name, set.has(name) ? `${set.get(name)}, ${value}` : value)
  }
  return rules
}

export const netlifyRules: HeadersFileHost = {
  name: 'netlify',
  // The parser knows no limits: https://docs.netlify.com/manage/routing/headers/
  limits: { host: 'Netlify', joinsRepeated: true },
  matches,
  read(text, requestPath) {
    const headers = new Map<string, string>()
    for (const { pattern, set } of rulesOf(text)) {
      if (!matches(pattern, requestPath)) continue
      for (const [name, value] of set) headers.set(name.toLowerCase(), value.split(/\s*,\s*/).join(', '))
    }
    return headers
  },
}
