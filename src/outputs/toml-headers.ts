import { linesOf } from './marked-lines.ts'

/** The names that a host uses in its TOML file: the list of rules, and the key of a rule's path. */
export interface TomlNames {
  readonly table: string
  readonly path: string
}

export interface TomlHeaders {
  pattern: string
  readonly names: { readonly name: string; readonly offset: number }[]
}

/** Reads the user's own rules in a TOML file line by line: their paths, and the offsets of their headers. */
export function tomlHeaders(text: string, { table, path }: TomlNames): TomlHeaders[] {
  const rules: TomlHeaders[] = []
  const pathOf = new RegExp(`(?:^|[{,\\s])["']?${path}["']?\\s*=\\s*["']([^"']*)["']`)
  let inside = false
  for (const { start, text: line, generated } of linesOf(text)) {
    if (generated || line.startsWith('#')) continue
    const name = /^\[\[?\s*["']?([^\]"']+?)["']?\s*\]/.exec(line)?.[1]
    if (name !== undefined) {
      inside = name === table || name.replace(/\s*\.\s*/g, '.').startsWith(`${table}.`)
      if (line.startsWith('[[') && inside) rules.push({ pattern: '/*', names: [] })
    }
    const current = rules.at(-1)
    if (!inside || !current) continue
    current.pattern = pathOf.exec(line)?.[1] ?? current.pattern
    for (const { 1: key = '', index } of line.matchAll(/(?:^|[{,\s])["']?([A-Za-z-]+)["']?\s*=/g))
      current.names.push({ name: key, offset: text.indexOf(key, start + index) })
  }
  return rules
}
