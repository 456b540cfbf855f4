import { parseJson } from '../../bounded/json.ts'
import { compilePattern, type Pattern } from '../../bounded/pattern.ts'
import { type HostFile, literal } from './host-file.ts'
import { isObject, openJson, unreadable } from './json.ts'
import { readRules } from './rules.ts'

const FILE = 'vercel.json'

/** Matches an escape, a parameter with or without its own expression, a bare expression, or a plain character. */
const TOKEN =
  /\\(.)|(\/?):(\w+)(\((?:[^()\\]|\\.)*\))?([*+?]?)|(\((?:[^()\\]|\\.)*\))(?![*+?])|([^\\:(){}*+?])/gy

/** @see https://vercel.com/docs/project-configuration/vercel-json#source */
function sourcePattern(source: string): Pattern | undefined {
  let pattern = ''
  let read = 0
  for (const [token, escaped, slash = '', name, own, modifier, bare, plain] of source.matchAll(TOKEN)) {
    read += token.length
    if (name !== undefined) {
      const one = own === undefined ? '[^/]+?' : `(?:${own.slice(1, -1)})`
      if (modifier === '') pattern += `${literal(slash)}${one}`
      else if (modifier === '?') pattern += `(?:${literal(slash)}${one})?`
      else pattern += `(?:${literal(slash)}${one}(?:\\/${one})*)${modifier === '*' ? '?' : ''}`
    } else pattern += bare ?? literal(escaped ?? plain ?? '')
  }
  if (read !== source.length) return undefined
  return compilePattern(`^${pattern}$`)
}

const parameters = (source: string): string[] =>
  [...source.matchAll(TOKEN)].flatMap(([, , , name]) => name ?? [])

export const vercel: HostFile = {
  host: 'vercel',
  files: [FILE],
  root: 'project',
  read(textOf) {
    const text = textOf(FILE) ?? ''
    // Vercel does not accept comments.
    const opened = openJson(FILE, text, parseJson)
    if ('refused' in opened) return opened.refused
    const { root } = opened
    if (!isObject(root)) return unreadable(FILE, 'it holds no object')
    if (root['routes'] !== undefined && root['headers'] !== undefined)
      return unreadable(FILE, 'Vercel allows no headers beside routes')
    return readRules(text, root['headers'], {
      file: FILE,
      pattern: ({ source }) => ({
        source: String(source),
        matches: typeof source === 'string' ? sourcePattern(source) : undefined,
      }),
      doubt({ source, has, missing }, headers) {
        if (has !== undefined || missing !== undefined)
          return 'it depends on more of the request than its path'
        const names = parameters(String(source))
        const filled = headers.some(([, value]) => names.some((name) => value.includes(`:${name}`)))
        return filled ? 'Vercel fills parts of the path into it' : undefined
      },
    })
  },
}
