import { type Finding, finding } from '../../core/findings/index.ts'
import { requestPaths, UNKNOWN_PATH } from '../request-paths.ts'
import { linesOf } from '../marked-lines.ts'
import { netlifyHost } from './hosts.ts'

export const TOML_FILE = 'netlify.toml'

const PATH = /(?:^|[{,\s])["']?for["']?\s*=\s*["']([^"']*)["']/

interface TomlHeaders {
  pattern: string
  readonly names: { readonly name: string; readonly offset: number }[]
}

/** The `[[headers]]` of a `netlify.toml`, line by line: their paths, and where the headers of interest are set. */
function headersOf(text: string, names: ReadonlySet<string>): TomlHeaders[] {
  const tables: TomlHeaders[] = []
  let inside = false
  for (const { start, text: line } of linesOf(text)) {
    if (line.startsWith('#')) continue
    const table = /^\[\[?\s*["']?([^\]"']+?)["']?\s*\]/.exec(line)?.[1]
    if (table !== undefined) {
      inside = /^headers(?:\s*\.|$)/.test(table)
      if (line.startsWith('[[') && inside) tables.push({ pattern: '/*', names: [] })
    }
    const current = tables.at(-1)
    if (!inside || !current) continue
    current.pattern = PATH.exec(line)?.[1] ?? current.pattern
    for (const { 1: name = '', index } of line.matchAll(/(?:^|[{,\s])["']?([A-Za-z-]+)["']?\s*=/g)) {
      if (!names.has(name.toLowerCase())) continue
      const offset = text.indexOf(name, start + index)
      current.names.push({ name, offset })
    }
  }
  return tables
}

/** Headers of a `netlify.toml` win over those of `_headers`. */
export function tomlConflicts(text: string, names: ReadonlySet<string>, pages: readonly string[]): Finding[] {
  const paths = [...pages.flatMap(requestPaths), UNKNOWN_PATH]
  return headersOf(text, names)
    .filter(({ pattern }) => paths.some((path) => netlifyHost.matches(pattern, path)))
    .flatMap(({ pattern, names: set }) =>
      set.map(({ name, offset }) =>
        finding(
          'header-conflict',
          { header: name, path: pattern },
          { file: TOML_FILE, source: text, offset },
        ),
      ),
    )
}
