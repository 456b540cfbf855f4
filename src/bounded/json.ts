/** The maximum nesting depth. Hand-written configuration files and import maps are only a few levels deep. */
const DEEPEST = 500

const TOKEN = /"(?:[^"\\]|\\[^])*"?|\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)|[[{]|[\]}]/g

/**
 * JSON parsers and serializers recurse once per level, so a file of a hundred thousand brackets would overflow the
 * stack.
 * @throws SyntaxError if the text is nested more deeply than `DEEPEST`
 */
export function checkDepth(text: string): void {
  let depth = 0
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '[' || token === '{') depth++
    else if (token === ']' || token === '}') depth--
    if (depth > DEEPEST) throw new SyntaxError(`it is nested more than ${DEEPEST} levels deep`)
  }
}

/**
 * `JSON.parse` for untrusted text.
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  checkDepth(text)
  return JSON.parse(text)
}
