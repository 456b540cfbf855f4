import { type ComputedText, ConstantFolder } from '../text/fold-constants.ts'
import { Tokens } from '../text/js-tokens.ts'
import { matchesAround } from './places.ts'

/** A URL from which a script may load a script. */
export interface ScriptAddress {
  /** A full URL, with `https:` if it takes the scheme of the page; `/path` for the site's own origin. */
  readonly url: string
  readonly offset: number
  /** Whether it looks like the URL of a script and of nothing else. */
  readonly likely: boolean
}

/** Matches the code before `"script"` where an element of that name is created. */
const MAKES =
  /(?:createElement(?:NS)?|\bjsxs?|\bjsxDEV|\bh|\b_c)\)?\??\.?(?:call)?\(\s*(?:[^()"'`;]{1,40}(?:\([^()]*\))?,\s*|["'`][^"'`]{1,40}["'`]\s*,\s*)?$/
/**
 * Matches the code before a tag name that is passed to a function which creates the element:
 * `(window, document, "script", …)`.
 */
const PASSED = /,\s*$/
const MAKES_NAMED = /createElement\(\s*[\w$]{1,3}\s*\)/
const SIGNS: readonly (readonly [string, RegExp])[] = [
  ['script', /["'`]script["'`]/g],
  ['SCRIPT', /["'`]SCRIPT["'`]/g],
  ['Script', /\bgetScript\(|\bimportScripts\(\s*["'`]https?:/g],
  ['write', /document\.write(?:ln)?\(\s*["'`]\s*<scr/gi],
]

/** Whether a match means that an element is created: `querySelector("script")` creates none. */
function isMakerSign(code: string, sign: string, at: number): boolean {
  if (!/^["'`]/.test(sign)) return !/[\w$]/.test(code.charAt(at - 1)) || code.charAt(at - 1) === '.'
  return isTagName(code, at)
}

/** Whether the string at an offset is the name of an element that is created there. */
function isTagName(code: string, at: number): boolean {
  const before = code.slice(Math.max(0, at - 100), at)
  if (MAKES.test(before)) return true
  const around = code.slice(Math.max(0, at - 800), at + 200)
  return PASSED.test(before) && MAKES_NAMED.test(around)
}

/** Offset at which a script first creates an element that loads scripts, `undefined` if it creates none. */
export function scriptMaker(code: string): number | undefined {
  const first = SIGNS.map(([word, pattern]) => {
    for (const { match, at } of matchesAround(code, word, pattern))
      if (isMakerSign(code, match[0], at)) return at
    return Infinity
  })
  const at = Math.min(...first)
  return at === Infinity ? undefined : at
}

const STYLE_NAME = /["'`](?:style|STYLE)["'`]/g
const STYLE_TAG = /<style[\s>]/g
const MARKUP_SINK = /(?:inner|outer)HTML\s*\+?=(?!=)|insertAdjacentHTML\(|document\.write/

/**
 * Offset at which a script first creates a `<style>`, `undefined` if it creates none: `getAttribute("style")` does
 * not count.
 */
export function styleMaker(code: string): number | undefined {
  for (const word of ['style', 'STYLE'])
    for (const { at } of matchesAround(code, word, STYLE_NAME)) if (isTagName(code, at)) return at
  if (!MARKUP_SINK.test(code)) return undefined
  for (const { at } of matchesAround(code, '<style', STYLE_TAG)) return at
  return undefined
}

/** Files that are not scripts, by extension. */
const OTHER_FILE =
  /\.(?:css|png|jpe?g|gif|svg|webp|avif|ico|woff2?|ttf|mp[34]|webm|json|html?|md|map|txt|xml|d\.ts)$/i
const SCRIPT_FILE = /\.m?js$/i
const SCRIPT_NAME =
  /^https:\/\/(?:[\w-]+\.)?js\.|\/(?:js|gtag|gtm|sdk|embed|loader|widget|client|iframe_api|tag|pixel|recorder)(?:[/._-]|$)/i
/** Paths that the host itself serves. */
const HOST_PATH = /^\/(?:_vercel|\.netlify|cdn-cgi|__\/firebase|_next|_astro|_nuxt)\//
/** Functions that take the URL of data, or a message. */
const FETCHES =
  /^(?:fetch|get|post|put|sendBeacon|open|axios|request|WebSocket|EventSource|Error|warn|error|log)$/

const HOST_NAME = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/

/** Whether the value that begins at a token is a complete string literal, so that constants need not be followed. */
function isPlain(tokens: Tokens, index: number): boolean {
  return tokens.string(index) !== undefined && !/^[+]$/.test(tokens.text(index + 1))
}

/** The URL in a string of a script, if it contains one, without query and fragment. */
function addressOf({ head, tail, whole }: ComputedText, hosts: readonly string[]): string[] {
  // The query does not determine the file.
  const known = whole || head.includes('?') ? head.replace(/[?#].*$/, '') : head.replace(/[^/]*$/, '')
  const text = known.trim()
  if (!whole && /^(?:https?:)?\/\/$/.test(head))
    return hosts.flatMap((host) => full(`https://${host}${tail}`))
  if (!whole && /^(?:https?:)?\/\/[\w.-]+$/.test(head)) return []
  if (/^(?:https?:)?\/\/[\w*-]+[.:\w-]*/.test(text)) return full(text)
  return /^\/[\w.@-]/.test(text) && !/\s/.test(text) ? [text] : []
}

function full(text: string): string[] {
  const url = text.replace(/^(?:https?:)?\/\//, 'https://').replace(/[?#].*$/, '')
  // A host without a dot is a placeholder or the local machine.
  return URL.canParse(url) &&
    /^https:\/\/[^/]*\.[a-z]{2,}(?::\d+)?(?:\/|$)/i.test(url) &&
    !/[\s{}<>]/.test(url)
    ? [url]
    : []
}

function isLikely(url: string): boolean {
  return SCRIPT_FILE.test(url) || SCRIPT_NAME.test(url) || HOST_PATH.test(url)
}

/** The URLs in a script that its script elements may load, the most likely first. */
export function scriptAddresses(code: string): ScriptAddress[] {
  const tokens = new Tokens(code)
  const folder = new ConstantFolder(tokens)
  const found = new Map<string, ScriptAddress>()
  const hosts = hostNames(tokens)
  for (let index = 0; index < tokens.length; index++) {
    const kind = tokens.kind(index)
    if (kind !== 'string' && kind !== 'template') continue
    if (tokens.text(index).startsWith('}') || tokens.text(index - 1) === '+') continue
    if (FETCHES.test(tokens.text(index - 2)) && tokens.text(index - 1) === '(') continue
    const text = tokens.text(index).slice(1)
    if (
      isPlain(tokens, index)
        ? !/^(?:https?:)?\/[\w./@-]/.test(text)
        : !/^(?:https?:|\/|\$\{|["'`])/.test(text)
    )
      continue
    const values = isPlain(tokens, index)
      ? [{ head: tokens.string(index) ?? '', tail: '', whole: true }]
      : folder.expression(index, folder.endOfValue(index))
    for (const url of values.flatMap((value) => addressOf(value, hosts))) {
      if (found.has(url) || OTHER_FILE.test(url)) continue
      const likely = isLikely(url)
      if (url.startsWith('/') && !likely) continue
      found.set(url, { url, offset: tokens.start(index), likely })
    }
  }
  // `https://cdn/x` beside `https://cdn/x/loader.js` is only the beginning of the longer URL. When sorted, it
  // directly precedes it.
  const urls = [...found.keys()].map((url) => `${url.replace(/\/$/, '')}/`).toSorted()
  const places = new Map(urls.map((url, place) => [url, place]))
  const isBeginning = (url: string): boolean => {
    const beginning = `${url.replace(/\/$/, '')}/`
    return urls[(places.get(beginning) ?? 0) + 1]?.startsWith(beginning) ?? false
  }
  return [...found.values()]
    .filter(({ url }) => !isBeginning(url))
    .toSorted((a, b) => Number(b.likely) - Number(a.likely))
}

function hostNames(tokens: Tokens): string[] {
  const hosts = new Set<string>()
  for (let index = 0; index < tokens.length; index++) {
    const text = tokens.string(index)
    if (text !== undefined && HOST_NAME.test(text) && !OTHER_FILE.test(text) && !SCRIPT_FILE.test(text))
      hosts.add(text)
  }
  return [...hosts].slice(0, 4)
}
