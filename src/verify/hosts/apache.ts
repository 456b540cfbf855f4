import { compilePattern } from '../../bounded/pattern.ts'
import { basename } from 'node:path/posix'
import {
  globPattern,
  type Header,
  type HostFile,
  type HostProblem,
  type HostRequest,
  isPolicy,
  isRead,
} from './host-file.ts'

const FILE = '.htaccess'

/** The maximum length of a line. With a longer line, Apache answers every request with a 500. */
const LINE = 8191

const HEADER =
  /^Header\s+(?:(always|onsuccess)\s+)?([a-z*]+)\s+"?([^\s":]+):?"?(?:\s+("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s"']\S*))?(?:\s+(.*))?$/i
const OPENS = /^<(\w+)\s*([^>]*)>$/
const FILENAME = /^"?expr=%\{REQUEST_FILENAME\}\s*=~\s*m#(.*)#"?$/

type Condition = (request: HostRequest) => boolean

interface Action {
  readonly table: 'always' | 'onsuccess'
  readonly what: string
  readonly name: string
  readonly value: string
  readonly applies: Condition
}

const always: Condition = () => true

function unquoted(text: string): string {
  return /^["']/.test(text) ? text.slice(1, -1).replace(/\\(["'\\])/g, '$1') : text
}

/** The requests that a section applies to; `undefined` if only Apache can tell. */
function sectionCondition(kind: string, argument: string): Condition | undefined {
  const pattern = unquoted(argument.replace(/^~\s*/, '').trim())
  switch (kind.toLowerCase()) {
    case 'ifmodule':
      return /headers/i.test(argument) && !argument.startsWith('!') ? always : undefined
    case 'files': {
      if (argument.startsWith('~')) return sectionCondition('filesmatch', argument)
      const glob = globPattern(pattern)
      return glob && (({ file }) => file !== undefined && glob.test(basename(file)))
    }
    case 'filesmatch': {
      const expression = compilePattern(pattern)
      return expression && (({ file }) => file !== undefined && expression.test(basename(file)))
    }
    default:
      return undefined
  }
}

/** The condition that follows the value of a header; `undefined` if only Apache can tell. */
function lineCondition(rest: string | undefined): Condition | undefined {
  if (rest === undefined || rest.trim() === '') return always
  const end = FILENAME.exec(rest.trim())?.[1]
  const expression = end === undefined ? undefined : compilePattern(end)
  return expression && (({ file }) => file !== undefined && expression.test(`/${file}`))
}

class Htaccess {
  readonly actions: Action[] = []
  readonly problems: HostProblem[] = []
  private readonly sections: (Condition | undefined)[] = []

  line(text: string, line: number): void {
    const tell = (message: string, fatal: boolean): void =>
      void this.problems.push({ file: FILE, line, message, fatal })
    if (Buffer.byteLength(text) > LINE)
      tell(`The line has more than ${LINE} bytes: Apache answers every request with an error.`, true)
    const opens = OPENS.exec(text)
    if (opens) this.sections.push(sectionCondition(opens[1] ?? '', opens[2] ?? ''))
    else if (text.startsWith('</')) this.sections.pop()
    const [, table = 'onsuccess', what = '', name = '', quoted = '', rest] = HEADER.exec(text) ?? []
    if (!isRead(name)) return
    const conditions = [...this.sections, lineCondition(rest)]
    const value = unquoted(quoted)
    const known =
      /^(?:set|add|append|merge|unset|setifempty)$/i.test(what) && !/(?<!%)(?:%%)*%(?!%)/.test(value)
    if (!known || conditions.includes(undefined)) {
      if (!isPolicy(name)) return
      return tell('This header is not judged: only Apache can tell when and how it is sent.', false)
    }
    this.actions.push({
      table: table.toLowerCase() as Action['table'],
      what: what.toLowerCase(),
      name: name.toLowerCase(),
      value: value.replaceAll('%%', '%'),
      applies: (request) => conditions.every((one) => one?.(request) ?? false),
    })
  }
}

/** Without `always`, Apache sends a header only with successful responses. */
const isFound = ({ file }: HostRequest): boolean => file !== undefined && basename(file) !== '404.html'

/**
 * Apache keeps a separate table for `always`, and sends the headers of both tables.
 * @see https://httpd.apache.org/docs/2.4/mod/mod_headers.html#header
 */
function sent(actions: readonly Action[], request: HostRequest): Header[] {
  return (['onsuccess', 'always'] as const).flatMap((table) => {
    if (table === 'onsuccess' && !isFound(request)) return []
    let headers: Header[] = []
    for (const { what, name, value, applies } of actions.filter((one) => one.table === table)) {
      if (!applies(request)) continue
      if (what === 'set' || what === 'unset') headers = headers.filter(([other]) => other !== name)
      if (what !== 'unset' && (what !== 'setifempty' || !headers.some(([other]) => other === name)))
        headers.push([name, value])
    }
    return headers
  })
}

export const apache: HostFile = {
  host: 'apache',
  files: [FILE],
  root: 'site',
  unseen: 'whether AllowOverride lets Apache read it',
  read(textOf) {
    const htaccess = new Htaccess()
    const lines = (textOf(FILE) ?? '').replace(/^\uFEFF/, '').split(/\r?\n/)
    for (const [index, text] of lines.entries()) htaccess.line(text.trim(), index + 1)
    return {
      problems: htaccess.problems,
      headers: (request) => sent(htaccess.actions, request),
    }
  },
}
