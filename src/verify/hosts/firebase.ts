import { compilePattern, type Pattern } from '../../bounded/pattern.ts'
import { type HostFile, literal } from './host-file.ts'
import { isObject, listOf, openJson, parseJsonc } from './json.ts'
import { readRules } from './rules.ts'

const FILE = 'firebase.json'

const TOKEN =
  /\*\*\/|\*\*|\*|\?|\[((?:[^\]\\]|\\.)+)\]|@\(([^()]*)\)|\{([^{}]*)\}|\\(.)|([^\\[\](){}!+@?*]|[!+@](?!\())/gy

/** @see https://firebase.google.com/docs/hosting/full-config#glob_pattern_matching */
function globPattern(glob: string): Pattern | undefined {
  let pattern = ''
  let read = 0
  for (const [token, set, group, braces, escaped, plain] of glob.matchAll(TOKEN)) {
    read += token.length
    if (token === '**/') pattern += '(?:.*\\/)?'
    else if (token === '**') pattern += '.*'
    else if (token === '*') pattern += '[^/]*'
    else if (token === '?') pattern += '[^/]'
    else if (set !== undefined) pattern += `[${set.replace(/^!/, '^').replace(/[\\[\]]/g, '\\$&')}]`
    else if (group !== undefined || braces !== undefined) {
      const choices = group === undefined ? (braces ?? '').split(',') : group.split('|')
      if (choices.some((choice) => /[*?[\\]/.test(choice))) return undefined
      pattern += `(?:${choices.map(literal).join('|')})`
    } else pattern += literal(escaped ?? plain ?? '')
  }
  if (read !== glob.length) return undefined
  return compilePattern(`^${glob.startsWith('/') || glob.startsWith('**') ? '' : '\\/'}${pattern}$`)
}

export const firebase: HostFile = {
  host: 'firebase',
  files: [FILE],
  root: 'project',
  read(textOf) {
    const text = textOf(FILE) ?? ''
    const opened = openJson(FILE, text, parseJsonc)
    if ('refused' in opened) return opened.refused
    const { root } = opened
    const hosting = isObject(root) ? root['hosting'] : undefined
    const sites = Array.isArray(hosting) ? listOf(hosting) : [hosting]
    const [site] = sites
    if (sites.length > 1 || !isObject(site)) {
      const message = `${FILE} is not judged: it has no hosting, or hosting of several sites.`
      return { problems: [{ file: FILE, line: 1, message, fatal: false }], headers: () => [] }
    }
    return readRules(text, site['headers'], {
      file: FILE,
      pattern({ source, glob, regex }) {
        if (typeof regex === 'string') return { source: regex, matches: compilePattern(regex) }
        const own = source ?? glob
        return { source: String(own), matches: typeof own === 'string' ? globPattern(own) : undefined }
      },
      doubt: () => undefined,
    })
  },
}
