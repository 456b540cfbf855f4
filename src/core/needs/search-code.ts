import { evalUses, type EvalUse } from './eval-uses.ts'
import { hostNames } from './host-names.ts'
import { escapeRegExp } from '../text/regexp.ts'
import { matchesAround, placesOf } from './places.ts'
import { scriptMaker, styleMaker } from './script-makers.ts'

/** A feature that a script may use and that a policy restricts, as far as a text search can tell. */
export type CodeFeature =
  | 'wasm'
  | 'worker'
  | 'blob-worker'
  | 'data-worker'
  | 'object-url'
  | 'connect'
  | 'frame-element'
  | 'media-element'
  | 'form-element'
  | 'style-element'
  | 'script-element'
  | 'script-text'
  | 'script-blob'
  | 'module-blob'
  | 'script-chunks'
  | 'turbo'
  | 'swup'
  | 'htmx'
  | 'barba'
  | 'pjax'
  | 'unpoly'
  | 'astro-router'
  | 'own-image'
  | 'own-font'
  | 'own-media'
  | 'own-style'
  | 'dom-content-loaded'
  | 'inner-html'
  | 'outer-html'
  | 'insert-adjacent-html'
  | 'document-write'
  | 'parse-from-string'

export interface CodeTraits {
  /** Each feature with the offset of its first occurrence; for `connect`, of any occurrence. */
  readonly features: ReadonlyMap<CodeFeature, number>
  /** Places where text becomes code, the most likely to be blocked first. */
  readonly evals: readonly EvalUse[]
  /** MIME types of `data:` URLs. */
  readonly dataTypes: ReadonlyMap<string, number>
  /** Absolute http(s) and ws(s) URLs, with the offset of their first occurrence. */
  readonly urls: ReadonlyMap<string, number>
  /** The {@link urls} that occur only in links, which no policy restricts. */
  readonly links: ReadonlySet<string>
  /**
   * Hosts that the script does not contain as whole URLs, as source expressions; empty if policies restrict only
   * scripts.
   */
  readonly hosts: readonly string[]
  /** Names of the Trusted Types policies that it creates. */
  readonly trustedTypes: readonly string[]
}

const ENDING = String.raw`\.(?:avif|apng|bmp|gif|ico|jfif|jpe?g|png|svg|webp|woff2?|ttf|otf|eot|mp[34]|m4[av]|mov|og[agv]|opus|wav|flac|aac|weba|webm|vtt|css|m?js)`
const FILE_ENDING = new RegExp(`${ENDING}(?=[?#"'\x60])`, 'g')
const ELEMENT = /[(<]["'`]?(iframe|video|audio|form)["'`\s>]/g
const SCHEME = /(?:https?|wss?)$/
const URL_REST = /[^\s"'`<>\\(){}|^]+/y
const DATA_TYPE = /^data:((?:image|font|audio|video|application|text)\/[\w.+-]+)/

/**
 * Features found by their first occurrence: a word that can be found fast, and the pattern that must match around
 * it.
 */
const FIRST_PLACES: readonly (readonly [CodeFeature, string, RegExp])[] = [
  // The class names alone occur in every library that distinguishes types.
  ['wasm', 'WebAss', /WebAssembly\.(?:instantiate|compile)|new WebAssembly\.(?:Module|Instance)/g],
  ['dom-content-loaded', 'DOMCon', /addEventListener\(\s*["'`]DOMContentLoaded/g],
  ['inner-html', 'HTML', /\.innerHTML\s*\+?=(?!=)/g],
  ['outer-html', 'HTML', /\.outerHTML\s*\+?=(?!=)/g],
  ['insert-adjacent-html', 'HTML', /insertAdjacentHTML\(/g],
  ['document-write', 'write', /document\.write(?:ln)?\(/g],
  ['parse-from-string', 'FromSt', /parseFromString\(/g],
  ['script-chunks', 'ackChu', /(?:webpack|rspack)Chunk/g],
  ['script-chunks', 'TURBOP', /\bTURBOPACK\b/g],
  ['turbo', 'turbo:', /turbo:before-(?:visit|render)/g],
  ['swup', 'swup', /data-swup-|swup:/g],
  ['htmx', 'hx-boo', /hx-boost/g],
  ['barba', 'barba', /data-barba/g],
  ['pjax', 'PJAX', /X-PJAX/g],
  ['unpoly', 'X-Up-V', /X-Up-Version/g],
  ['astro-router', 'astro:', /astro:before-swap/g],
]
/** Matches `s = d.createElement("script")` followed shortly by an assignment to its text. */
const GIVES_TEXT =
  /([\w$]+)\s*=\s*[\w$.]+\.createElement\(["'`]script["'`]\)[^]{0,200}?(?<![\w$])\1\.(?:text|textContent|innerHTML|innerText)\s*=(?!=)/
const SCRIPT_TYPE = /["'`](?:text|application)\/(?:x-)?javascript/
const REQUESTS: readonly (readonly [string, RegExp])[] = [
  ['XMLHtt', /XMLHttpRequest/g],
  ['fetch(', /fetch\(/g],
  ['EventS', /EventSource\(/g],
  ['Beacon', /sendBeacon\(/g],
  ['WebSoc', /new WebSocket\(/g],
]
const WORKER = /new (?:Shared)?Worker\(|serviceWorker\.register\(|new Workbox\(/g
const OBJECT_URL = /createObjectURL/g
const POLICY = /createPolicy\(["'`]([\w#=/@.%-]+)["'`]/g

const FILE_KINDS: readonly (readonly [RegExp, CodeFeature])[] = [
  [/^\.(?:avif|apng|bmp|gif|ico|jfif|jpe?g|png|svg|webp)$/, 'own-image'],
  [/^\.(?:woff2?|ttf|otf|eot)$/, 'own-font'],
  [/^\.css$/, 'own-style'],
]

/** The kind of file that a URL names, by its extension. */
export function namedFile(url: string): CodeFeature | undefined {
  const end = new RegExp(`${ENDING}$`).exec(url.replace(/[?#].*$/, ''))?.[0]
  return end === undefined || end.endsWith('js') ? undefined : kindOf(end)
}

function kindOf(ending: string): CodeFeature {
  return FILE_KINDS.find(([pattern]) => pattern.test(ending))?.[1] ?? 'own-media'
}

const ELEMENTS: Readonly<Record<string, CodeFeature>> = {
  iframe: 'frame-element',
  video: 'media-element',
  audio: 'media-element',
  form: 'form-element',
}

/** A worker made from a blob is at most this far from the call that creates the blob's URL. */
const NEARBY = 400
const QUOTE = /["'`]/

class CodeSearch {
  readonly features = new Map<CodeFeature, number>()
  readonly dataTypes = new Map<string, number>()
  readonly urls = new Map<string, number>()
  readonly links = new Set<string>()
  readonly trustedTypes: string[] = []
  /** Start and end of each URL, in order: a file name inside a full URL is no file of the site. */
  private readonly urlSpans: { readonly start: number; readonly end: number }[] = []

  constructor(
    private readonly code: string,
    private readonly scriptsAlone: boolean,
  ) {}

  run(): CodeTraits {
    const { code, features, dataTypes, urls, trustedTypes } = this
    this.findUrls()
    for (const [feature, word, pattern] of FIRST_PLACES)
      for (const { at } of matchesAround(code, word, pattern)) {
        this.add(feature, at)
        break
      }
    for (const { match, at } of matchesAround(code, 'Work', WORKER)) this.worker(match[0], at)
    for (const { at } of matchesAround(code, 'jectUR', OBJECT_URL)) this.objectUrl(at)
    for (const { match } of matchesAround(code, 'Policy', POLICY, 200)) trustedTypes.push(match[1] ?? '')
    const maker = scriptMaker(code)
    if (maker !== undefined) {
      this.add('script-element', maker)
      if (GIVES_TEXT.test(code.slice(Math.max(0, maker - 60), maker + NEARBY))) this.add('script-text', maker)
    }
    if (!this.scriptsAlone) {
      this.findDataTypes()
      this.findRequests()
      this.findElements()
      const styles = styleMaker(code)
      if (styles !== undefined) this.add('style-element', styles)
      this.findFiles()
    }
    const hosts = this.scriptsAlone ? [] : hostNames(code)
    return { features, evals: evalUses(code), dataTypes, urls, links: this.links, hosts, trustedTypes }
  }

  private add(feature: CodeFeature, at: number): void {
    if (!this.features.has(feature)) this.features.set(feature, at)
  }

  private findUrls(): void {
    const { code, urls, urlSpans } = this
    for (const at of placesOf(code, '://')) {
      const [scheme] = SCHEME.exec(code.slice(Math.max(0, at - 5), at)) ?? []
      if (scheme === undefined || at < (urlSpans.at(-1)?.end ?? 0)) continue
      URL_REST.lastIndex = at + 3
      const rest = URL_REST.exec(code)?.[0]
      if (rest === undefined) continue
      const url = `${scheme}://${rest}`
      const start = at - scheme.length
      urlSpans.push({ start, end: start + url.length })
      const inLink = /\bhref\W{1,4}$/i.test(code.slice(Math.max(0, start - 10), start))
      if (!inLink) this.links.delete(url)
      if (urls.has(url)) continue
      urls.set(url, start)
      if (inLink) this.links.add(url)
    }
  }

  private findDataTypes(): void {
    for (const at of placesOf(this.code, 'data:')) {
      const type = DATA_TYPE.exec(this.code.slice(at, at + 100))?.[1]
      if (type !== undefined && !this.dataTypes.has(type)) this.dataTypes.set(type, at)
    }
  }

  private objectUrl(at: number): void {
    const around = this.around(at)
    if (around.includes('Worker(')) this.add('blob-worker', at)
    else this.add('object-url', at)
    const [, name] = /([\w$]+)\s*=\s*[\w$.|()\s]{0,60}$/.exec(this.code.slice(Math.max(0, at - 80), at)) ?? []
    if (this.imports(around, 'import', name) && SCRIPT_TYPE.test(around)) this.add('module-blob', at)
    else if (
      this.imports(around, 'importScripts', name) ||
      (/\.src\s*=/.test(around) && (SCRIPT_TYPE.test(around) || scriptMaker(around) !== undefined))
    )
      this.add('script-blob', at)
  }

  /** Whether an object URL is imported, either directly or through the variable that it is assigned to. */
  private imports(around: string, call: string, name: string | undefined): boolean {
    const [before = '', after = ''] = around.split('createObjectURL')
    const opens = new RegExp(String.raw`(?<![\w$.])${call}\s*\(\s*[\w$.|()\s]{0,60}$`)
    if (opens.test(before)) return true
    if (name === undefined || after === '') return false
    const named = escapeRegExp(name)
    const used = new RegExp(String.raw`(?<![\w$.])${call}\s*\(\s*(?:\/\*[^*]*\*\/\s*)?${named}(?![\w$])`)
    return used.test(this.code)
  }

  private around(at: number): string {
    return this.code.slice(Math.max(0, at - NEARBY), at + NEARBY)
  }

  private worker(call: string, at: number): void {
    const argument = at + call.length
    const isText = QUOTE.test(this.code.charAt(argument))
    if (isText && this.code.startsWith('data:', argument + 1)) this.add('data-worker', at)
    else if (isText || !call.endsWith('Worker(') || this.code.startsWith('new URL(', argument))
      this.add('worker', at)
    else if (!this.around(at).includes('createObjectURL')) this.add('worker', at)
  }

  private findRequests(): void {
    for (const [word, pattern] of REQUESTS)
      for (const { at } of matchesAround(this.code, word, pattern)) return this.add('connect', at)
  }

  private findElements(): void {
    const missing = new Set(Object.values(ELEMENTS))
    for (const { 1: name = '', index } of this.code.matchAll(ELEMENT)) {
      const feature = ELEMENTS[name]
      if (feature === undefined || !missing.delete(feature)) continue
      this.add(feature, index)
      if (missing.size === 0) return
    }
  }

  private findFiles(): void {
    for (const { text, at } of this.endings()) if (!text.endsWith('js')) this.add(kindOf(text), at)
  }

  /** File names found by their extensions, except those inside URLs. */
  private *endings(): Generator<{ readonly text: string; readonly at: number }> {
    let next = 0
    for (const { 0: text, index: at } of this.code.matchAll(FILE_ENDING)) {
      while ((this.urlSpans[next]?.end ?? Infinity) <= at) next++
      if ((this.urlSpans[next]?.start ?? Infinity) > at) yield { text, at }
    }
  }
}

/**
 * Searches a script for features. The search ignores syntax, so strings and comments count as code; only possible
 * uses of eval are checked again by tokens.
 * @param scriptsAlone policies restrict nothing but scripts and workers, so other loaded files are left out
 */
export function searchCode(code: string, scriptsAlone = false): CodeTraits {
  return new CodeSearch(code, scriptsAlone).run()
}
