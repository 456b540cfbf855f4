import { type Finding, finding } from '../../core/findings/index.ts'
import { requestPaths, UNKNOWN_PATH } from '../request-paths.ts'
import { tomlHeaders } from '../toml-headers.ts'
import { netlifyHost } from './hosts.ts'

export const TOML_FILE = 'netlify.toml'

/** Finds conflicts with `netlify.toml`, whose headers override those in `_headers`. */
export function tomlConflicts(text: string, names: ReadonlySet<string>, pages: readonly string[]): Finding[] {
  const paths = [...pages.flatMap(requestPaths), UNKNOWN_PATH]
  return tomlHeaders(text, { table: 'headers', path: 'for' })
    .filter(({ pattern }) => paths.some((path) => netlifyHost.matches(pattern, path)))
    .flatMap(({ pattern, names: set }) =>
      set
        .filter(({ name }) => names.has(name.toLowerCase()))
        .map(({ name, offset }) =>
          finding(
            'header-conflict',
            { header: name, path: pattern },
            { file: TOML_FILE, source: text, offset },
          ),
        ),
    )
}
