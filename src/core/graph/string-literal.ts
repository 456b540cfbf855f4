/** The text of a string literal in code, and where it ends. */
export interface StringLiteral {
  readonly text: string
  /** Offset behind the closing quote. */
  readonly end: number
}

const ESCAPE = /\\(?:u\{([\da-f]+)\}|u([\da-f]{4})|x([\da-f]{2})|\r\n|[^])/gi
const CONTROL: Readonly<Record<string, string>> = {
  0: '\0',
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  v: '\v',
}

/** The value of a literal, from what stands between its quotes. Minifiers write letters beyond ASCII as escapes. */
export function unescapeLiteral(raw: string): string {
  if (!raw.includes('\\')) return raw
  return raw.replace(ESCAPE, (escape, braced?: string, four?: string, two?: string) => {
    const code = Number.parseInt(braced ?? four ?? two ?? '', 16)
    if (code <= 0x10_ff_ff) return String.fromCodePoint(code)
    const letter = escape.slice(1)
    return /[\r\n\u2028\u2029]/.test(letter) ? '' : (CONTROL[letter] ?? letter)
  })
}

/** Unrolled, so that a long literal takes no stack. Bundlers and minifiers write strings as templates, too. */
const STRINGS: Readonly<Record<string, RegExp>> = {
  "'": /'([^'\\\r\n]*(?:\\[^][^'\\\r\n]*)*)'/y,
  '"': /"([^"\\\r\n]*(?:\\[^][^"\\\r\n]*)*)"/y,
  '`': /`([^`\\$]*(?:(?:\\[^]|\$(?!\{))[^`\\$]*)*)`/y,
}

/** The string that begins at an offset; `undefined` if there is none, or if it is a template with expressions. */
export function stringLiteralAt(code: string, at: number): StringLiteral | undefined {
  const pattern = STRINGS[code.charAt(at)]
  if (!pattern) return undefined
  pattern.lastIndex = at
  const [whole, raw = ''] = pattern.exec(code) ?? []
  return whole === undefined ? undefined : { text: unescapeLiteral(raw), end: at + whole.length }
}
