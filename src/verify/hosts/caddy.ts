import { compilePattern } from '../../bounded/pattern.ts'
import { type Header, type HostFile, type HostProblem, isPolicy, isRead } from './host-file.ts'

const FILE = 'csp-hashes.caddy'

const WORD = /"((?:[^"\\]|\\.)*)"|`([^`]*)`|([^\s"`]\S*)/g

const wordsOf = (line: string): string[] =>
  [...line.replace(/(^|\s)#.*$/, '$1').matchAll(WORD)].map(
    ([, quoted, raw, word]) => quoted?.replace(/\\(["\\])/g, '$1') ?? raw ?? word ?? '',
  )

interface Choice {
  readonly inputs: { readonly matches: (path: string) => boolean; readonly value: string }[]
  otherwise: string
}

function matcherOf(input: string): ((path: string) => boolean) | undefined {
  if (!input.startsWith('~')) return (path) => path === input
  const expression = compilePattern(input.slice(1))
  return expression && ((path) => expression.test(path))
}

/** Caddy compares the decoded path. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

class Snippet {
  readonly problems: HostProblem[] = []
  readonly headers: { readonly name: string; readonly value: (path: string) => string }[] = []
  private readonly maps = new Map<string, Choice>()
  private inside: Choice | 'header' | 'unknown' | undefined

  line(text: string, line: number): void {
    const words = wordsOf(text)
    const [first = '', second = '', third = ''] = words
    if (first === '') return
    if (first === '}') this.inside = undefined
    else if (typeof this.inside === 'object') this.choice(this.inside, first, second, line)
    else if (words.at(-1) === '{') this.opens(words)
    else if (this.inside === 'header') this.header(first, second, line)
    else if (first === 'header' && /^[@/*]/.test(second)) {
      if (second === '*') this.header(third, words[3] ?? '', line)
      else if (isPolicy(third.replace(/^[?+>]/, '')))
        this.doubt(line, `it is sent under the matcher ${second} alone`)
    } else if (first === 'header') this.header(second, third, line)
    else if (words.some((word) => isPolicy(word.replace(/^[?+>]/, ''))))
      this.doubt(line, 'it stands in a block')
  }

  private opens([directive, source = '', variable = '']: readonly string[]): void {
    const choice = { inputs: [], otherwise: '' }
    if (directive === 'map' && source === '{path}') this.maps.set(variable, choice)
    this.inside =
      directive === 'map' && source === '{path}'
        ? choice
        : directive === 'header' && source === '{'
          ? 'header'
          : 'unknown'
  }

  private choice(map: Choice, input: string, value: string, line: number): void {
    const matches = matcherOf(input)
    if (input === 'default') map.otherwise = value
    else if (matches) map.inputs.push({ matches, value })
    else this.doubt(line, 'Caddy alone can read the expression')
  }

  private header(name: string, value: string, line: number): void {
    const plain = name.replace(/^[?+>]/, '')
    if (!isRead(plain)) return
    const map = this.maps.get(value)
    if (map)
      this.headers.push({
        name: plain,
        value: (path) => map.inputs.find(({ matches }) => matches(path))?.value ?? map.otherwise,
      })
    else if (/\{[^}]*\}/.test(value) && isPolicy(plain))
      this.doubt(line, `nothing here says what ${value} is`)
    else this.headers.push({ name: plain, value: () => value })
  }

  private doubt(line: number, why: string): void {
    this.problems.push({ file: FILE, line, message: `This header is not judged: ${why}.`, fatal: false })
  }
}

export const caddy: HostFile = {
  host: 'caddy',
  files: [FILE],
  root: 'site',
  unseen: 'whether the Caddyfile imports it',
  read(textOf, mount) {
    const snippet = new Snippet()
    for (const [index, text] of (textOf(FILE) ?? '').split(/\r?\n/).entries())
      snippet.line(text.trim(), index + 1)
    return {
      problems: snippet.problems,
      headers: ({ path }) =>
        snippet.headers
          .map(({ name, value }): Header => [name, value(decoded(mount + path.slice(1)))])
          .filter(([, value]) => value !== ''),
    }
  },
}
