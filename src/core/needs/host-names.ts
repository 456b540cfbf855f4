import { matchesAround, placesOf } from './places.ts'

/** The part of a URL that is known only at run time: `{s}`, `${s}`, `"+s+"`, `".concat(s,"`. */
const HOLE =
  /\$?\{[^{}"'`\s]{1,40}\}|["'`]\s*\+\s*[\w$.[\]()]{1,40}\s*\+\s*["'`]|["'`]\.concat\([\w$.[\]()]{1,40},\s*["'`]/
const REST = String.raw`(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+(?::\d+)?`
/** `https://{s}.tile.example/`, `wss://eu-${n}.live.example`, `"https://"+id+"-dsn.search.example"`. */
const TEMPLATE = new RegExp(
  String.raw`(https?:|wss?:|["'\x60])//[\w.-]*(?:(?:${HOLE.source})[\w-]*)+(${REST})`,
  'g',
)
const ENDING =
  '(?:com|org|net|io|dev|app|co|ai|cloud|eu|info|me|tv|de|fr|uk|us|ch|at|nl|jp|cn|ru|in|br|test|example)'
/** A string that is exactly a host, or the end of a host. */
const ALONE = new RegExp(
  String.raw`["'\x60]([-.])?((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+${ENDING})["'\x60/]`,
  'g',
)
/** A scheme whose host is inserted later. */
const BARE_SCHEME = /(?:https?|wss?):\/\/(?:["'`]|\$\{|\{)/
/** A URL without a scheme, which takes that of the page. */
const RELATIVE = /["'`]\/\/((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,})(?=[/"'`?:])/g
const MOST = 12

/** A string that is only a host counts within this distance of a scheme without a host. */
const NEARBY = 3000

/**
 * Hosts that a script does not contain as whole URLs, as source expressions: templates (`https://*.tile.example`),
 * hosts without a scheme, and ends of hosts.
 */
export function hostNames(code: string): string[] {
  const found = new Set<string>()
  for (const { match } of matchesAround(code, '//', TEMPLATE, 200)) {
    const [, scheme = '', rest = ''] = match
    found.add(`${/^["'`]/.test(scheme) ? 'https:' : scheme}//*${rest}`)
  }
  for (const { match } of matchesAround(code, '//', RELATIVE, 120)) found.add(`https://${match[1] ?? ''}`)
  let searched = 0
  for (const at of placesOf(code, '://')) {
    if (!BARE_SCHEME.test(code.slice(Math.max(0, at - 5), at + 5))) continue
    const from = Math.max(searched, at - NEARBY)
    searched = Math.max(searched, at + NEARBY)
    const scheme = /wss?$/.test(code.slice(Math.max(0, at - 3), at)) ? 'wss' : 'https'
    for (const [, end, host = ''] of code.slice(from, at + NEARBY).matchAll(ALONE))
      found.add(
        `${scheme}://${end === undefined ? host : `*.${end === '-' ? host.replace(/^[^.]+\./, '') : host}`}`,
      )
  }
  return [...found].slice(0, MOST)
}
