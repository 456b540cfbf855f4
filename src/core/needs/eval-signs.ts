import { placesOf } from './places.ts'

export const GLOBALS: ReadonlySet<string> = new Set([
  'window',
  'globalThis',
  'self',
  'global',
  'top',
  'parent',
  'frames',
])

/**
 * Arguments of `Function` in known libraries that run only in old browsers: access to the global object, a
 * polyfill of `bind`, regenerator's own variable.
 */
export const IDLE_TEXT =
  /^\s*(?:["'`]return this|["'`]binder["'`]|["'`]r["'`]\s*,\s*["'`]regeneratorRuntime = r)/

/** `(x`, `)(x`, `.call(x`. A comment counts too: a call may follow it. */
const CALLED = /^\s*(?:\(\s*(?![)?])|\)\s*\(|\.\s*(?:apply|call)\s*\(|\/[/*])/
/** `make = Function;`, `{ F: Function }` and `Reflect.construct(Function, …)`. */
const NAMED = /[\w$]\s*(?<!\btype\s*)[=:][\s(]*(?:\w+\s*\.\s*)?$|\bconstruct\s*\(\s*$|\*\/\s*$|\/\/.*\n\s*$/
const ENDED = /^(?:[^\S\n]*\n|\s*(?:[,;)}\]]|$))/

function isNamedEvaluator(code: string, at: number, name: string): boolean {
  const before = code.slice(Math.max(0, at - 60), at)
  const behind = code.slice(at + name.length, at + name.length + 80)
  if (/[\w$#\\]$/.test(before) || /^[\w$]/.test(behind)) return false
  const owner = /(\w*)\s*\??\.\s*$/.exec(before)?.[1]
  if (owner !== undefined && !GLOBALS.has(owner)) return false
  if (CALLED.test(behind)) return !IDLE_TEXT.test(behind.replace(/^\s*\(/, ''))
  return NAMED.test(before) && ENDED.test(behind)
}

function isConstructorCall(code: string, at: number): boolean {
  const end = at + '.constructor'.length
  return (
    /^\(\s*["'`]/.test(code.slice(end, end + 20)) ||
    /(?:async\b|function\s?\*)[^;]{0,40}$/.test(code.slice(Math.max(0, at - 60), at))
  )
}

const some = (code: string, word: string, test: (at: number) => boolean): boolean => {
  for (const at of placesOf(code, word)) if (test(at)) return true
  return false
}

/**
 * A quick check whether a script may turn text into code. Text in strings and comments counts too, so a script
 * that passes still has to be tokenized.
 */
export function mayEvaluate(code: string): boolean {
  const isTimer = (name: string) => (at: number) =>
    code.startsWith('set', at - 3) &&
    /^\s*\(\s*["'`]/.test(code.slice(at + name.length, at + name.length + 20))
  return (
    some(code, 'Functi', (at) => code.startsWith('on', at + 6) && isNamedEvaluator(code, at, 'Function')) ||
    some(code, 'eval', (at) => isNamedEvaluator(code, at, 'eval')) ||
    some(code, '.constructor', (at) => isConstructorCall(code, at)) ||
    some(code, 'Timeout', isTimer('Timeout')) ||
    some(code, 'Interval', isTimer('Interval'))
  )
}
