import { type Header, type HostFile, lastOfEach } from './host-file.ts'
import { isObject, listOf, openJson, parseJson, unreadable } from './json.ts'

const FILE = 'staticwebapp.config.json'

/** The whole file may have no more. @see https://learn.microsoft.com/azure/static-web-apps/configuration#restrictions */
const MOST_BYTES = 20 * 1024

function headersOf(value: unknown): Header[] {
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([name, one]) =>
    typeof one === 'string' ? [[name, one] as const] : [],
  )
}

/** `*` stands at the end, and may have endings behind it: `/images/*.{png,gif}`. */
function routePattern(route: string): RegExp {
  const pattern = route
    .replace(/[\\^$.+?()[\]|/]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll(/\{([^{}]*)\}/g, (_, choices: string) => `(?:${choices.replaceAll(',', '|')})`)
  return new RegExp(`^${pattern}$`, 'i')
}

const isForGet = (methods: unknown): boolean =>
  methods === undefined || listOf(methods).some((one) => String(one).toUpperCase() === 'GET')

export const azure: HostFile = {
  host: 'azure',
  files: [FILE],
  root: 'site',
  read(textOf) {
    const text = textOf(FILE) ?? ''
    const opened = openJson(FILE, text, parseJson)
    if ('refused' in opened) return opened.refused
    const { root } = opened
    if (!isObject(root)) return unreadable(FILE, 'it holds no object')
    const size = Buffer.byteLength(text)
    if (size > MOST_BYTES) return unreadable(FILE, `it has ${size} bytes, and Azure takes ${MOST_BYTES}`)
    const everywhere = headersOf(root['globalHeaders'])
    const routes = listOf(root['routes']).flatMap((route) => {
      if (!isObject(route) || typeof route['route'] !== 'string' || !isForGet(route['methods'])) return []
      return [{ matches: routePattern(route['route']), headers: headersOf(route['headers']) }]
    })
    return {
      problems: [],
      // The first route that matches decides alone, also where it has no headers.
      headers({ path }) {
        const own = routes.find(({ matches }) => matches.test(path))?.headers ?? []
        return lastOfEach([...everywhere, ...own])
      },
    }
  },
}
