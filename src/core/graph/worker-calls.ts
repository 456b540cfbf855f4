/** A worker that a script starts by a string literal URL. `at` is the offset of that string. */
export interface WorkerCall {
  /** The text between the quotes. */
  readonly raw: string
  readonly relativeTo: 'file' | 'document'
  readonly at: number
}

const CALL = /\b(?:Shared)?Worker\s*\(|\bserviceWorker\s*(?:\?\.|\.)\s*register\s*\(/g
/** Matches `new Worker(` and `new window.Worker(`. A call without `new` starts no worker. */
const NEW = /\bnew\s+(?:[\w$]+\s*\.\s*)*$/
const LONGEST_NEW = 80

const SPACE = /(?:\s+|\/\*[^]*?\*\/|\/\/.*)*/y
/** Vite writes `"" + new URL(…)` and `"" + import.meta.url` to keep later bundlers from processing them. */
const EMPTY_TEXT = /(?:""|''|``)\s*\+\s*/y
const NEW_URL = /new\s+URL\s*\(/y
const META_URL = /,\s*(?:(?:""|''|``)\s*\+\s*)?import\s*\.\s*meta\s*\.\s*url\b/y

/**
 * String literals by their quote. The loops are unrolled, so that a long string does not overflow the stack.
 * Templates with expressions do not match.
 */
const STRINGS: Readonly<Record<string, RegExp>> = {
  "'": /'[^'\\\r\n]*(?:\\[^][^'\\\r\n]*)*'/y,
  '"': /"[^"\\\r\n]*(?:\\[^][^"\\\r\n]*)*"/y,
  '`': /`[^`\\$]*(?:(?:\\[^]|\$(?!\{))[^`\\$]*)*`/y,
}

function skip(pattern: RegExp, code: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(code) ? pattern.lastIndex : at
}

/** Reads `"/worker.js"`, `new URL("worker.js", import.meta.url)`, and nested `new URL` calls. */
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
  // If something is appended to the string, the URL is known only in the browser.
  if (!/[,)]/.test(code.charAt(end))) return undefined
  const relativeTo = skip(META_URL, code, end) > end ? 'file' : 'document'
  return { raw: code.slice(at + 1, behind - 1), relativeTo, at }
}

/** Dedicated, shared and service workers that a script starts by a string literal URL. */
export function findWorkerCalls(code: string): WorkerCall[] {
  return [...code.matchAll(CALL)].flatMap(({ 0: call, index }) => {
    const before = code.slice(Math.max(0, index - LONGEST_NEW), index)
    if (!call.startsWith('service') && !NEW.test(before)) return []
    return readArgument(code, index + call.length) ?? []
  })
}
