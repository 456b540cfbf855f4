import type { Visit } from './visit.ts'

const MOST_CHARACTERS = 60

/** The differences between a page with and without its policy, one line each. */
export function differences(withPolicy: Visit | undefined, without: Visit): string[] {
  if (!withPolicy) return []
  const path = new URL(withPolicy.url).pathname
  const scripts = missing(without.scripts.map(pathOf), withPolicy.scripts.map(pathOf))
  const errors = missing(withPolicy.errors.map(comparable), without.errors.map(comparable))
  return [
    ...scripts.map((script) => `${path}: ${script} is loaded only without the policy.`),
    ...errors.map((error) => `${path}: an error only with the policy: ${error}`),
    ...textDifference(path, withPolicy.text, without.text),
  ]
}

const missing = (all: readonly string[], present: readonly string[]): string[] => [
  ...new Set(all.filter((one) => !present.includes(one))),
]

/** The two servers differ only in their ports, so remove the port. */
const comparable = (text: string): string => text.replace(/localhost:\d+/g, 'localhost')

function pathOf(url: string): string {
  const { origin, host, pathname } = new URL(url)
  return host.startsWith('localhost') ? pathname : `${origin}${pathname}`
}

function textDifference(path: string, withPolicy: string, without: string): string[] {
  if (withPolicy === without) return []
  const [own, other] = [withPolicy.split('\n'), without.split('\n')]
  const line = other.findIndex((text, index) => text !== own[index])
  const at = line === -1 ? other.length : line
  const shown = (lines: readonly string[]): string =>
    JSON.stringify((lines[at] ?? '').slice(0, MOST_CHARACTERS))
  return [`${path}: the text is another one: ${shown(own)} with the policy, ${shown(other)} without.`]
}
