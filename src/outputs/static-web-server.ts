import type { HeaderField } from './fields.ts'
import { mayCover } from './json-file/conflicts.ts'
import { BEGIN, END, insertLines, linesOf } from './marked-lines.ts'
import { mergedFileOutput, Unusable } from './merged-file.ts'
import { ownPaths, requestPaths, UNKNOWN_PATH } from './request-paths.ts'
import { quote } from './snippet.ts'
import { tomlHeaders } from './toml-headers.ts'

const FILE = 'sws.toml'
const TABLE = 'advanced.headers'

/** A request path as a glob that matches it alone. */
const globOf = (path: string): string => path.replace(/[*?[\]{}]/g, '[$&]')

/**
 * The server puts the name of the file behind the path of a folder, with a second slash in earlier versions. It has no rule
 * for the folder itself then.
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

/** A list that is written as a value takes no further table. */
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
 * Rules in the project's `sws.toml`. Of those that match the last one sets a header.
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
