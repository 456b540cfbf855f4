import type { HeaderField } from './fields.ts'
import { mayCover } from './json-file/conflicts.ts'
import { BEGIN, END, insertLines, linesOf } from './marked-lines.ts'
import { mergedFileOutput, Unusable } from './merged-file.ts'
import { ownPaths, requestPaths, UNKNOWN_PATH } from './request-paths.ts'
import { quote } from './snippet.ts'
import { tomlHeaders } from './toml-headers.ts'

const FILE = 'sws.toml'
const TABLE = 'advanced.headers'

/** Converts a request path to a glob that matches only this path. */
const globOf = (path: string): string => path.replace(/[*?[\]{}]/g, '[$&]')

/**
 * For a folder, the server appends the file name to the path before it matches rules; earlier versions add a second
 * slash. So there is no rule for the folder itself, and that for the index file allows two slashes.
 */
function sourceOf(path: string, page: string): string | undefined {
  if (!/(?:^|\/)index\.html$/.test(page)) return globOf(path)
  if (path.endsWith('/')) return undefined
  return globOf(path).replace(/(?<=.)\/index\.html$/, '{/,//}index.html')
}

const rule = (source: string, fields: readonly HeaderField[]): string[] => [
  `[[${TABLE}]]`,
  `source = ${quote(source)}`,
  `[${TABLE}.headers]`,
  ...fields.map(({ name, value }) => `${name} = ${quote(value)}`),
]

/** TOML does not allow more tables in a list that is written as a value. */
function refuseValues(own: string): void {
  let table = ''
  for (const { start, text } of linesOf(own)) {
    table = /^\[+\s*([^\]]+?)\s*\]/.exec(text)?.[1] ?? table
    const key = /^[\w."'\s-]+?(?=\s*=)/.exec(text)?.[0].replace(/[\s"']/g, '')
    const name =
      key === undefined || text.startsWith('[') ? undefined : table === '' ? key : `${table}.${key}`
    if (name === 'advanced' || name === TABLE)
      throw new Unusable(`${name} is written as a value`, start, `Write it as [[${TABLE}]].`)
  }
}

/**
 * Rules in the project's `sws.toml`. If several rules match, the last one sets the header.
 * @see https://static-web-server.net/features/custom-http-headers/
 */
export const staticWebServer = mergedFileOutput({
  name: 'static-web-server',
  file: FILE,
  root: 'project',
  limits: { host: 'Static Web Server', joinsRepeated: false },
  skeleton: '',
  present(text, pages) {
    const paths = [...pages.flatMap(requestPaths), UNKNOWN_PATH]
    return tomlHeaders(text, { table: TABLE, path: 'source' })
      .filter(({ pattern }) => paths.some((path) => mayCover(pattern, path)))
      .flatMap(({ pattern, names }) =>
        names.map(({ name, offset }) => ({
          name,
          path: pattern,
          everywhere: /^(?:\/?\*\*?|\*\*\/\*\*?|\{\*\})$/.test(pattern),
          offset,
        })),
      )
  },
  merge(own, { fields, pages }) {
    refuseValues(own)
    const lines = [
      ...(fields.length > 0 ? rule('**', fields) : []),
      ...[...ownPaths([...pages.keys()])].flatMap(([path, page]) => {
        const source = sourceOf(path, page)
        return source === undefined ? [] : rule(source, pages.get(page) ?? [])
      }),
    ]
    return lines.length === 0 ? own : insertLines(own, own.length, [BEGIN, ...lines, END])
  },
  notes: [`Start Static Web Server with --config-file ${FILE}`],
})
