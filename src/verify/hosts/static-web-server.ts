import { basename } from 'node:path/posix'
import { compilePattern, type Pattern } from '../../bounded/pattern.ts'
import { type Header, type HostFile, type HostProblem, isPolicy, lastOfEach, literal } from './host-file.ts'

const FILE = 'sws.toml'

const TOKEN = /\*+|\?|\[(!?)([^\]]+)\]|\{([^{}]*)\}|\\(.)|([^*?[\]{}\\])/gy

/** Compiles a glob whose `*` also matches slashes. @see https://docs.rs/globset/latest/globset/#syntax */
function globPattern(glob: string): Pattern | undefined {
  let source = ''
  let read = 0
  for (const [token, not, set, choices, escaped, plain] of glob.matchAll(TOKEN)) {
    read += token.length
    if (token.startsWith('*')) source += '.*'
    else if (token === '?') source += '.'
    else if (set !== undefined) source += `[${not ? '^' : ''}${set.replace(/[\\[\]^]/g, '\\$&')}]`
    else if (choices !== undefined) {
      if (/[?[\\]/.test(choices)) return undefined
      const each = choices.split(',').map((one) => literal(one).replaceAll(/(?:\\\*)+/g, '.*'))
      source += `(?:${each.join('|')})`
    } else source += literal(escaped ?? plain ?? '')
  }
  return read === glob.length ? compilePattern(`^${source}$`) : undefined
}

/** A string on one line, and the text after it. */
const STRING = /^(?:"((?:[^"\\]|\\.)*)"|'([^']*)')\s*(.*)$/

function stringOf(text: string): { readonly value: string; readonly rest: string } | undefined {
  const [whole, basic, plain, rest = ''] = STRING.exec(text) ?? []
  if (whole === undefined || text.startsWith('""') || text.startsWith("''")) return undefined
  if (basic === undefined) return { value: plain ?? '', rest }
  try {
    return { value: JSON.parse(`"${basic}"`) as string, rest }
  } catch {
    return undefined
  }
}

interface Rule {
  source: string
  readonly line: number
  readonly headers: Header[]
  unread: boolean
}

const KEY = /^(?:"([^"]*)"|'([^']*)'|([\w-]+))\s*=\s*(.*)$/

/** Reads the pairs of `{ Name = "value", … }`; `undefined` for any other syntax. */
function inlineTable(text: string): Header[] | undefined {
  const headers: Header[] = []
  let rest = text.replace(/^\{\s*/, '')
  while (!rest.startsWith('}')) {
    const [, quoted, single, bare, value = ''] = KEY.exec(rest) ?? []
    const read = stringOf(value)
    const name = quoted ?? single ?? bare
    if (!read || name === undefined) return undefined
    headers.push([name, read.value])
    rest = read.rest.replace(/^,\s*/, '')
  }
  return headers
}

/** Reads the rules of the file. Supports only the TOML syntax that rules need. @see https://toml.io/en/v1.0.0 */
function rulesOf(text: string): Rule[] {
  const rules: Rule[] = []
  let table = ''
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = raw.trim()
    const header = /^(\[\[?)\s*([^\]]+?)\s*\]/.exec(line)
    if (header) {
      table = header[2]?.replace(/\s*\.\s*/g, '.').replace(/["']/g, '') ?? ''
      if (header[1] === '[[' && table === 'advanced.headers')
        rules.push({ source: '', line: index + 1, headers: [], unread: false })
      continue
    }
    const [, quoted, single, bare, value = ''] = KEY.exec(line) ?? []
    const key = quoted ?? single ?? bare
    const rule = rules.at(-1)
    if (key === undefined || !rule) continue
    const read = stringOf(value)
    if (table === 'advanced.headers' && key === 'source') rule.source = read?.value ?? ''
    else if (table === 'advanced.headers' && key === 'headers') {
      const pairs = inlineTable(value)
      rule.unread ||= !pairs && /content-security-policy/i.test(value)
      rule.headers.push(...(pairs ?? []))
    } else if (table === 'advanced.headers.headers') {
      if (read) rule.headers.push([key, read.value])
      else rule.unread ||= isPolicy(key)
    }
  }
  return rules
}

/** @see https://static-web-server.net/features/custom-http-headers/ */
export const staticWebServer: HostFile = {
  host: 'static-web-server',
  files: [FILE],
  root: 'project',
  unseen: 'whether the server is started with it',
  read(textOf) {
    const problems: HostProblem[] = []
    const rules = rulesOf(textOf(FILE) ?? '').flatMap(({ source, line, headers, unread }) => {
      const matches = globPattern(source)
      if (unread || (!matches && headers.some(([name]) => isPolicy(name)))) {
        const message = `The policy for ${source} is not judged: it is written in a way that is not read here.`
        problems.push({ file: FILE, line, message, fatal: false })
      }
      return matches ? [{ matches, headers }] : []
    })
    return {
      problems,
      headers({ path, file }) {
        // For a folder, the server matches the path of its index file.
        const folder = path.endsWith('/') && basename(file ?? '') === 'index.html'
        const asked = folder ? `${path}index.html` : path
        return lastOfEach(
          rules.filter(({ matches }) => matches.test(asked)).flatMap(({ headers }) => headers),
        )
      },
    }
  },
}
