import { compilePattern, type Pattern } from '../../bounded/pattern.ts'
import { type Header, type HostFile, type HostProblem, lastOfEach, literal } from './host-file.ts'
import { isObject, lineOf, listOf, openJson, parseJsonc, unreadable } from './json.ts'

const FILE = 'staticwebapp.config.json'

/** The maximum size of the file. @see https://learn.microsoft.com/azure/static-web-apps/configuration#restrictions */
const MOST_BYTES = 20 * 1024

function headersOf(value: unknown): Header[] {
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([name, one]) =>
    typeof one === 'string' ? [[name, one] as const] : [],
  )
}

/** A `*` must be at the end, optionally followed by extensions: `/images/*.{png,gif}`. */
function routePattern(route: string): Pattern | undefined {
  const pattern = literal(route)
    .replaceAll(/(?:\\\*)+/g, '.*')
    .replaceAll(/\\\{([^{}]*)\\\}/g, (_, choices: string) => `(?:${choices.replaceAll(',', '|')})`)
  return compilePattern(`^${pattern}$`, 'i')
}

const isForGet = (methods: unknown): boolean =>
  methods === undefined || listOf(methods).some((one) => String(one).toUpperCase() === 'GET')

export const azure: HostFile = {
  host: 'azure',
  files: [FILE],
  root: 'site',
  read(textOf) {
    const text = textOf(FILE) ?? ''
    const opened = openJson(FILE, text, parseJsonc)
    if ('refused' in opened) return opened.refused
    const { root } = opened
    if (!isObject(root)) return unreadable(FILE, 'it holds no object')
    const size = Buffer.byteLength(text)
    if (size > MOST_BYTES) return unreadable(FILE, `it has ${size} bytes, and Azure takes ${MOST_BYTES}`)
    const everywhere = headersOf(root['globalHeaders'])
    const problems: HostProblem[] = []
    const routes = listOf(root['routes']).flatMap((route) => {
      if (!isObject(route) || typeof route['route'] !== 'string' || !isForGet(route['methods'])) return []
      const matches = routePattern(route['route'])
      if (matches) return [{ matches, headers: headersOf(route['headers']) }]
      const message = `The route ${JSON.stringify(route['route'].slice(0, 80))} is not judged: its pattern is none that can be read here.`
      problems.push({ file: FILE, line: lineOf(text, route['route']), message, fatal: false })
      return []
    })
    return {
      problems,
      // Only the first matching route applies, even if it sets no headers.
      headers({ path }) {
        const own = routes.find(({ matches }) => matches.test(path))?.headers ?? []
        return lastOfEach([...everywhere, ...own])
      },
    }
  },
}
