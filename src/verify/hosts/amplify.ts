import { compilePattern, type Pattern } from '../../bounded/pattern.ts'
import { type Header, type HostFile, type HostProblem, isPolicy, lastOfEach, literal } from './host-file.ts'

const FILE = 'customHttp.yml'

interface Rule {
  readonly pattern: string
  readonly line: number
  readonly headers: Header[]
  unread: boolean
}

/** Reads a scalar on one line; `undefined` for block scalars, aliases and the like. */
function scalar(text: string): string | undefined {
  const value = text.trim()
  const [, single] = /^'((?:[^']|'')*)'\s*(?:#.*)?$/.exec(value) ?? []
  if (single !== undefined) return single.replaceAll("''", "'")
  const [double] = /^"(?:[^"\\]|\\.)*"(?=\s*(?:#.*)?$)/.exec(value) ?? []
  if (double !== undefined) {
    try {
      return JSON.parse(double) as string
    } catch {
      return undefined
    }
  }
  return value === '' || /^[|>&*!%@`{["']/.test(value) ? undefined : value.replace(/\s+#.*$/, '')
}

/** Reads rules in the form shown in Amplify's documentation, one key per line. @see https://yaml.org/spec/1.2.2/ */
function rulesOf(text: string): { readonly rules: readonly Rule[]; readonly monorepo: boolean } {
  const rules: Rule[] = []
  let name: string | undefined
  let monorepo = false
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    monorepo ||= raw.startsWith('applications:')
    const [, key, value = ''] = /^[\s-]*["']?(pattern|key|value)["']?\s*:\s(.*)$/.exec(`${raw} `) ?? []
    const rule = rules.at(-1)
    if (key === 'pattern')
      rules.push({
        pattern: scalar(value) ?? '',
        line: index + 1,
        headers: [],
        unread: scalar(value) === undefined,
      })
    else if (key === 'key') name = scalar(value)
    else if (key === 'value' && rule && name !== undefined) {
      const read = scalar(value)
      if (read === undefined) rule.unread ||= isPolicy(name)
      else rule.headers.push([name, read])
    }
  }
  return { rules, monorepo }
}

/** The documentation shows only suffixes (`*.json`), folders (`/path/*`) and everything (`**`). */
function patternOf(pattern: string): Pattern | undefined {
  if (/[?[\]{}()!\\]/.test(pattern)) return undefined
  if (pattern === '*' || pattern === '**' || pattern === '**/*' || pattern === '/**')
    return compilePattern('^')
  const source = literal(pattern).replaceAll(/(?:\\\*)+/g, '.*')
  return compilePattern(pattern.startsWith('/') ? `^${source}$` : `(?:^|/)${source}$`)
}

/** @see https://docs.aws.amazon.com/amplify/latest/userguide/custom-header-YAML-format.html */
export const amplify: HostFile = {
  host: 'amplify',
  files: [FILE],
  root: 'project',
  unseen: 'whether AWS Amplify has headers of its console instead',
  read(textOf) {
    const { rules: written, monorepo } = rulesOf(textOf(FILE) ?? '')
    const problems: HostProblem[] = []
    const doubt = (line: number, why: string): void =>
      void problems.push({ file: FILE, line, message: `The policy is not judged: ${why}.`, fatal: false })
    const policies = written.filter(
      ({ headers, unread }) => unread || headers.some(([name]) => isPolicy(name)),
    )
    if (monorepo) {
      doubt(1, 'the file is that of a monorepo')
      return { problems, headers: () => [] }
    }
    const [, second] = policies
    if (second) doubt(second.line, 'no document says which of two patterns decides')
    const rules = written.flatMap((rule) => {
      const matches = patternOf(rule.pattern)
      if (policies.includes(rule) && (rule.unread || !matches))
        doubt(rule.line, 'it is written in a way that is not read here')
      return matches ? [{ matches, headers: rule.headers }] : []
    })
    return {
      problems,
      headers: ({ path }) =>
        lastOfEach(rules.filter(({ matches }) => matches.test(path)).flatMap(({ headers }) => headers)),
    }
  },
}
