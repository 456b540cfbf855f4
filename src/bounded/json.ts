/** Configuration files and import maps that people write are a few levels deep. */
const DEEPEST = 500

const TOKEN = /"(?:[^"\\]|\\[^])*"?|\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)|[[{]|[\]}]/g

/**
 * Readers and writers of JSON call themselves for every level, so a file of a hundred thousand brackets would end in a
 * stack overflow.
 * @throws SyntaxError if the text is nested more deeply than that
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
 * `JSON.parse` for text that anybody may have written.
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  checkDepth(text)
  return JSON.parse(text)
}
