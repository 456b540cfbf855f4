const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  '0': '\0',
}

/** Resolves the escapes in the text of a string literal. @see https://tc39.es/ecma262/#prod-EscapeSequence */
export function unescaped(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(
    /\\(?:u\{([\da-f]+)\}|u([\da-f]{4})|x([\da-f]{2})|\r\n|([^]))/gi,
    (_, braced?: string, four?: string, two?: string, one?: string) => {
      const hex = braced ?? four ?? two
      if (hex !== undefined) {
        const point = Number.parseInt(hex, 16)
        return point <= 0x10ffff ? String.fromCodePoint(point) : ''
      }
      return one === undefined || one === '\n' ? '' : (ESCAPES[one] ?? one)
    },
  )
}
