import { isMakerSign, SCRIPT_SIGNS } from './script-makers.ts'
import { EVAL_SIGNS, evalUses, type EvalUse } from './eval-uses.ts'

/** What a script may do that a policy decides about, as far as a search for text can tell. */
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
  /** Each feature with the offset of its first place. */
  readonly features: ReadonlyMap<CodeFeature, number>
  /** Where text becomes code, the likeliest to be refused first. */
  readonly evals: readonly EvalUse[]
  /** MIME types of `data:` URLs. */
  readonly dataTypes: ReadonlyMap<string, number>
  /** Absolute URLs of http(s) and ws(s), with their first place. */
  readonly urls: ReadonlyMap<string, number>
  /** What ends in `.js`, as it is written: a worker, perhaps. None where no worker is started. */
  readonly scripts: readonly string[]
  /** Names of Trusted Types policies that it creates. */
  readonly trustedTypes: readonly string[]
}

const ENDING = String.raw`\.(?:avif|apng|bmp|gif|ico|jfif|jpe?g|png|svg|webp|woff2?|ttf|otf|eot|mp[34]|m4[av]|mov|og[agv]|opus|wav|flac|aac|weba|webm|vtt|css|m?js)`

/** Built at once into one expression: a file is read through once, whatever is looked for. */
const PATTERNS = {
  url: String.raw`(?:https?|wss?):\/\/[^\s"'\x60<>\\(){}|^]+`,
  data: String.raw`data:(?:image|font|audio|video|application|text)\/[\w.+-]+`,
  file: String.raw`${ENDING}(?=[?#"'\x60])`,
  eval: EVAL_SIGNS.join('|'),
  script: SCRIPT_SIGNS.join('|'),
  // The names of its classes alone stand in every library that tells types apart.
  wasm: String.raw`WebAssembly\.(?:instantiate|compile)|new WebAssembly\.(?:Module|Instance)`,
  worker: String.raw`new (?:Shared)?Worker\(|serviceWorker\.register\(|new Workbox\(`,
  object: String.raw`createObjectURL`,
  connect: String.raw`fetch\(|XMLHttpRequest|EventSource\(|sendBeacon\(|new WebSocket\(`,
  element: String.raw`[(<]["'\x60]?(?:iframe|video|audio|form|style)["'\x60\s>]`,
  ready: String.raw`addEventListener\(\s*["'\x60]DOMContentLoaded`,
  sink: String.raw`\.(?:inner|outer)HTML\s*\+?=(?!=)|insertAdjacentHTML\(|document\.write(?:ln)?\(|parseFromString\(`,
  policy: String.raw`createPolicy\(["'\x60]([\w#=/@.%-]+)["'\x60]`,
} as const

const IS_SCRIPT = new RegExp(`^(?:${SCRIPT_SIGNS.join('|')})`)
const IS_EVAL = new RegExp(`^(?:${EVAL_SIGNS.join('|')})`)
const ANY = new RegExp(Object.values(PATTERNS).join('|'), 'g')

const FILE_KINDS: readonly (readonly [RegExp, CodeFeature])[] = [
  [/^\.(?:avif|apng|bmp|gif|ico|jfif|jpe?g|png|svg|webp)$/, 'own-image'],
  [/^\.(?:woff2?|ttf|otf|eot)$/, 'own-font'],
  [/^\.css$/, 'own-style'],
]

/** What a URL names, by the end of its path. */
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
  style: 'style-element',
}

const SINKS: readonly (readonly [string, CodeFeature])[] = [
  ['.inner', 'inner-html'],
  ['.outer', 'outer-html'],
  ['insert', 'insert-adjacent-html'],
  ['document.write', 'document-write'],
  ['parse', 'parse-from-string'],
]

/** A worker made from a blob stands this close to the call that makes the blob's URL. */
const NEARBY = 400
const QUOTE = /["'`]/
const ENDS_A_NAME = /[\s"'`(){}<>\\]/

class CodeSearch {
  readonly features = new Map<CodeFeature, number>()
  readonly dataTypes = new Map<string, number>()
  readonly urls = new Map<string, number>()
  private readonly scriptEndings: { readonly at: number; readonly length: number }[] = []
  readonly trustedTypes: string[] = []
  private evaluates = false

  constructor(private readonly code: string) {}

  private add(feature: CodeFeature, at: number): void {
    if (!this.features.has(feature)) this.features.set(feature, at)
  }

  run(): CodeTraits {
    for (const match of this.code.matchAll(ANY)) this.found(match[0], match.index, match[1])
    const { features, dataTypes, urls, trustedTypes } = this
    // Every import ends in `.js`, and few scripts start a worker.
    const endings = features.has('worker') ? this.scriptEndings : []
    const evals = this.evaluates ? evalUses(this.code) : []
    return {
      features,
      evals,
      dataTypes,
      urls,
      trustedTypes,
      scripts: endings.flatMap((one) => this.script(one)),
    }
  }

  private found(text: string, at: number, policyName: string | undefined): void {
    if (policyName !== undefined) this.trustedTypes.push(policyName)
    else if (/^\.\w+$/.test(text)) this.file(text, at)
    else if (/^(?:http|ws)s?:/.test(text)) this.keep(this.urls, text, at)
    else if (text.startsWith('data:')) this.keep(this.dataTypes, text.slice('data:'.length), at)
    else if (IS_EVAL.test(text)) this.evaluates = true
    else if (IS_SCRIPT.test(text)) this.makesScript(text, at)
    else if (/^(?:new )?WebAssembly/.test(text)) this.add('wasm', at)
    else if (text.startsWith('new ') && text.includes('Worker(')) this.worker(at + text.length, at)
    else if (/^(?:serviceWorker|new Workbox)/.test(text)) this.add('worker', at)
    else if (text === 'createObjectURL') this.objectUrl(at)
    else if (text.startsWith('addEventListener')) this.add('dom-content-loaded', at)
    else if (/^[(<]/.test(text)) this.element(text, at)
    else this.other(text, at)
  }

  private keep(map: Map<string, number>, key: string, at: number): void {
    if (!map.has(key)) map.set(key, at)
  }

  private makesScript(sign: string, at: number): void {
    if (sign.startsWith('document')) this.add('document-write', at)
    if (isMakerSign(this.code, sign, at)) this.add('script-element', at)
  }

  private around(at: number): string {
    return this.code.slice(Math.max(0, at - NEARBY), at + NEARBY)
  }

  private worker(argument: number, at: number): void {
    if (QUOTE.test(this.code.charAt(argument)) && this.code.startsWith('data:', argument + 1))
      this.add('data-worker', at)
    else if (!this.around(at).includes('createObjectURL')) this.add('worker', at)
  }

  private objectUrl(at: number): void {
    this.add(this.around(at).includes('Worker(') ? 'blob-worker' : 'object-url', at)
  }

  private element(text: string, at: number): void {
    const feature = ELEMENTS[text.replace(/[^a-z]/g, '')]
    if (feature) this.add(feature, at)
  }

  private file(text: string, at: number): void {
    if (text.endsWith('js')) this.scriptEndings.push({ at, length: text.length })
    else this.add(kindOf(text), at)
  }

  private script({ at, length }: { readonly at: number; readonly length: number }): string[] {
    const lowest = Math.max(0, at - 300)
    let start = at
    while (start > lowest && !ENDS_A_NAME.test(this.code.charAt(start - 1))) start--
    return start < at ? [this.code.slice(start, at + length)] : []
  }

  private other(text: string, at: number): void {
    const sink = SINKS.find(([start]) => text.startsWith(start))
    this.add(sink ? sink[1] : 'connect', at)
  }
}

/**
 * Looks through a script once. Text alone is looked at, so a string or a comment counts as code does; only what looks
 * like an eval is looked at again by its tokens.
 */
export function searchCode(code: string): CodeTraits {
  return new CodeSearch(code).run()
}
