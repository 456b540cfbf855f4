import { compilePattern, type Pattern } from '../../bounded/pattern.ts'
import { basename } from 'node:path/posix'
import { type Header, type HostFile, type HostProblem, isPolicy, isRead, lineAt } from './host-file.ts'

const FILE = 'csp-hashes.nginx.conf'
const MAP_FILE = 'csp-hashes.map.nginx.conf'

/** The maximum length of a parameter. With a longer one, nginx does not start. */
const PARAMETER = 4093

interface Statement {
  readonly words: readonly string[]
  readonly block: readonly Statement[] | undefined
  readonly line: number
}

const TOKEN = /#[^\n]*|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([{};])|([^\s{};"'#]\S*?(?=[\s{};]|$))/g

const unescape = (text: string): string => text.replace(/\\(["'\\ ])/g, '$1')

/** @see https://nginx.org/en/docs/beginners_guide.html#conf_structure */
function parse(text: string): Statement[] {
  const stack: Statement[][] = [[]]
  let words: string[] = []
  for (const match of text.matchAll(TOKEN)) {
    const [, double, single, mark, word] = match
    const value = double ?? single ?? word
    if (value !== undefined) words.push(word === undefined ? unescape(value) : value)
    else if (mark === '}') stack.pop()
    else if (mark !== undefined) {
      const block = mark === '{' ? [] : undefined
      stack.at(-1)?.push({ words, block, line: lineAt(text, match.index) })
      words = []
      if (block) stack.push(block)
    }
  }
  return stack[0] ?? []
}

interface Choice {
  readonly exact: ReadonlyMap<string, string>
  readonly expressions: readonly { readonly matches: Pattern; readonly value: string }[]
  readonly otherwise: string
}

/** @see https://nginx.org/en/docs/http/ngx_http_map_module.html */
function readMap(block: readonly Statement[]): Choice | undefined {
  const exact = new Map<string, string>()
  const expressions: { matches: Pattern; value: string }[] = []
  let otherwise = ''
  for (const { words } of block) {
    const [key = '', value = ''] = words
    if (key === 'default') otherwise = value
    else if (key.startsWith('~')) {
      const matches = key.startsWith('~*') ? compilePattern(key.slice(2), 'i') : compilePattern(key.slice(1))
      if (!matches) return undefined
      expressions.push({ matches, value })
    } else exact.set(key.replace(/^\\/, ''), value)
  }
  return { exact, expressions, otherwise }
}

function chosen({ exact, expressions, otherwise }: Choice, uri: string | undefined): string {
  if (uri === undefined) return otherwise
  return exact.get(uri) ?? expressions.find(({ matches }) => matches.test(uri))?.value ?? otherwise
}

export const nginx: HostFile = {
  host: 'nginx',
  files: [FILE, MAP_FILE],
  root: 'site',
  unseen: 'whether nginx includes it, and whether a location has an add_header of its own',
  read(textOf, mount) {
    const problems: HostProblem[] = []
    const maps = new Map<string, Choice | undefined>()
    for (const { words, block } of parse(textOf(MAP_FILE) ?? '')) {
      const [directive, source, variable] = words
      if (directive === 'map' && source === '$uri' && variable !== undefined && block)
        maps.set(variable, readMap(block))
    }
    const added: { name: string; value: (uri: string | undefined) => string; always: boolean }[] = []
    const visit = (statements: readonly Statement[], inside: boolean): void => {
      for (const { words, block, line } of statements) {
        if (block) visit(block, true)
        const [directive, name = '', value = '', always] = words
        if (directive !== 'add_header' || !isRead(name)) continue
        const tell = (message: string, fatal: boolean): void => {
          if (isPolicy(name)) problems.push({ file: FILE, line, message, fatal })
        }
        if (Buffer.byteLength(value) > PARAMETER)
          tell(`The value has more than ${PARAMETER} bytes: nginx does not start.`, true)
        const map = maps.get(value)
        if (inside) tell('This header is not judged: it stands in a block.', false)
        else if (map) added.push({ name, value: (uri) => chosen(map, uri), always: always === 'always' })
        else if (maps.has(value))
          tell('This header is not judged: its map has an expression that nginx alone can read.', false)
        else if (value.includes('$'))
          tell(`Nothing here says what ${value} is: nginx does not start without it.`, true)
        else added.push({ name, value: () => value, always: always === 'always' })
      }
    }
    visit(parse(textOf(FILE) ?? ''), false)
    return {
      problems,
      headers: ({ file }) =>
        added
          .filter(({ always }) => always || (file !== undefined && basename(file) !== '404.html'))
          .map(({ name, value }): Header => [name, value(file === undefined ? undefined : mount + file)])
          .filter(([, value]) => value !== ''),
    }
  },
}
