/** A worker that a script starts by a plain URL, and where the string with that URL begins. */
export interface WorkerCall {
  /** What stands between the quotes. */
  readonly raw: string
  readonly relativeTo: 'file' | 'document'
  readonly at: number
}

const CALL = /\b(?:Shared)?Worker\s*\(|\bserviceWorker\s*(?:\?\.|\.)\s*register\s*\(/g
/** `new Worker(`, `new window.Worker(`. Any other function of that name starts no worker. */
const NEW = /\bnew\s+(?:[\w$]+\s*\.\s*)*$/
const LONGEST_NEW = 80

const SPACE = /(?:\s+|\/\*[^]*?\*\/|\/\/.*)*/y
/** Vite writes `"" + new URL(…)` and `"" + import.meta.url`, so that bundlers of later builds leave them alone. */
const EMPTY_TEXT = /(?:""|''|``)\s*\+\s*/y
const NEW_URL = /new\s+URL\s*\(/y
const META_URL = /,\s*(?:(?:""|''|``)\s*\+\s*)?import\s*\.\s*meta\s*\.\s*url\b/y

/** Strings by their quote, unrolled, so that a long one takes no stack. A template with expressions is none. */
const STRINGS: Readonly<Record<string, RegExp>> = {
  "'": /'[^'\\\r\n]*(?:\\[^][^'\\\r\n]*)*'/y,
  '"': /"[^"\\\r\n]*(?:\\[^][^"\\\r\n]*)*"/y,
  '`': /`[^`\\$]*(?:(?:\\[^]|\$(?!\{))[^`\\$]*)*`/y,
}

function skip(pattern: RegExp, code: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(code) ? pattern.lastIndex : at
}

/** `"/worker.js"`, `new URL("worker.js", import.meta.url)`, and URLs in URLs. */
function readArgument(code: string, from: number): WorkerCall | undefined {
  let at = skip(SPACE, code, from)
  for (let start = -1; start !== at;) {
    start = at
    at = skip(SPACE, code, skip(NEW_URL, code, skip(EMPTY_TEXT, code, at)))
  }
  const pattern = STRINGS[code.charAt(at)]
  const behind = pattern ? skip(pattern, code, at) : at
  if (behind === at) return undefined
  const end = skip(SPACE, code, behind)
  // What is added to the string is known in the browser alone.
  if (!/[,)]/.test(code.charAt(end))) return undefined
  const relativeTo = skip(META_URL, code, end) > end ? 'file' : 'document'
  return { raw: code.slice(at + 1, behind - 1), relativeTo, at }
}

/** Dedicated, shared and service workers that a script starts by a plain URL. */
export function findWorkerCalls(code: string): WorkerCall[] {
  return [...code.matchAll(CALL)].flatMap(({ 0: call, index }) => {
    const before = code.slice(Math.max(0, index - LONGEST_NEW), index)
    if (!call.startsWith('service') && !NEW.test(before)) return []
    return readArgument(code, index + call.length) ?? []
  })
}
