import { mayCover } from './json-file/conflicts.ts'
import { BEGIN, END, insertLines, type Line, linesOf } from './marked-lines.ts'
import { mergedFileOutput, type OwnHeader, Unusable } from './merged-file.ts'
import { requestPaths, UNKNOWN_PATH } from './request-paths.ts'

const FILE = 'customHttp.yml'
const KEY = 'customHeaders'

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`
const unquoted = (text: string): string => text.trim().replace(/^(["'])(.*)\1$/, '$2')

function present(text: string, pages: readonly string[]): OwnHeader[] {
  const paths = [...pages.flatMap(requestPaths), UNKNOWN_PATH]
  let pattern = ''
  return linesOf(text).flatMap((line): OwnHeader[] => {
    const [, name, value = ''] = /^(?:-\s+)*(pattern|key)\s*:\s*(.*?)(?:\s+#.*)?$/.exec(line.text) ?? []
    if (line.generated || name === undefined) return []
    if (name === 'pattern') {
      pattern = unquoted(value)
      return []
    }
    if (!paths.some((path) => mayCover(pattern, path))) return []
    const offset = line.start + text.slice(line.start, line.end).search(/\S/)
    return [{ name: unquoted(value), path: pattern, everywhere: /^\/?\*\*(?:\/\*)?$/.test(pattern), offset }]
  })
}

const isContent = ({ text }: Line): boolean => text !== '' && !text.startsWith('#') && text !== '---'

/** The offset after the line with the list's key, and the indentation of the list's entries. */
function listOf(own: string): { readonly offset: number; readonly indent: string } | undefined {
  const lines = linesOf(own).filter(isContent)
  const rawOf = ({ start, end }: Line): string => own.slice(start, end)
  for (const [index, line] of lines.entries()) {
    const raw = rawOf(line)
    if (/^\s/.test(raw)) continue
    const [, key, value = ''] = /^["']?([\w-]+)["']?\s*:(?:\s+(.*?))?\s*$/.exec(raw) ?? []
    if (key === 'applications')
      throw new Unusable(
        'it is that of a monorepo',
        line.start,
        'Use the output json, and write the headers into it.',
      )
    if (key === KEY && /^(?:#.*)?$/.test(value)) {
      const next = lines[index + 1]
      const indent = next && /^(\s*)-(?=\s)/.exec(rawOf(next))?.[1]
      return { offset: line.end, indent: indent ?? '  ' }
    }
    if (key === KEY || (key === undefined && !raw.startsWith('-')))
      throw new Unusable(
        'its list of headers is not written line by line',
        line.start,
        `Write ${KEY}: alone on a line, and its entries below it.`,
      )
  }
  return undefined
}

/**
 * Custom headers in the project's `customHttp.yml`.
 * @see https://docs.aws.amazon.com/amplify/latest/userguide/custom-header-YAML-format.html
 */
export const amplify = mergedFileOutput({
  name: 'amplify',
  file: FILE,
  root: 'project',
  limits: {
    host: 'AWS Amplify',
    joinsRepeated: false,
    // No documentation says that Amplify reads the file after the build.
    readBeforeBuild: true,
    onePolicy: 'no document says which of two patterns that match decides',
  },
  skeleton: '',
  variable: 'AWS_APP_ID',
  present,
  merge(own, { fields }) {
    const list = listOf(own)
    if (fields.length === 0) return own
    const entry = [
      "- pattern: '**'",
      '  headers:',
      ...fields.flatMap(({ name, value }) => [`    - key: ${quoted(name)}`, `      value: ${quoted(value)}`]),
    ]
    const indented = (indent: string): string[] => [BEGIN, ...entry, END].map((line) => indent + line)
    return list
      ? insertLines(own, list.offset, indented(list.indent))
      : insertLines(own, own.length, [BEGIN, `${KEY}:`, ...entry.map((line) => `  ${line}`), END])
  },
  notes: [`Commit ${FILE}: AWS Amplify takes it from the repository.`],
})
