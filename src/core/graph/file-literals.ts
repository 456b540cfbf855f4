/** A string literal in code that ends in the extension of a script or a stylesheet. */
export interface FileLiteral {
  /** The text between the quotes. */
  readonly raw: string
  readonly at: number
}

const ENDING = /\.(?:m?js|css)(?=["'`?#])/g
const OUTSIDE_PATH = /[\s"'`<>{}()]/
const OUTSIDE_QUERY = /[\s"'`\\]/g

/**
 * Finds string literals that name scripts and stylesheets. Searches for file extensions, which are rarer than
 * quotes, and visits each character only once, so that a file full of extensions takes no longer than others.
 */
export function findFileLiterals(code: string): FileLiteral[] {
  const found: FileLiteral[] = []
  let seen = 0
  for (const { 0: ending, index } of code.matchAll(ENDING)) {
    let start = index
    while (start > seen && !OUTSIDE_PATH.test(code.charAt(start - 1))) start--
    if (start === seen) {
      seen = index + ending.length
      continue
    }
    OUTSIDE_QUERY.lastIndex = index + ending.length
    const end = OUTSIDE_QUERY.exec(code)?.index ?? code.length
    seen = end
    const at = start - 1
    if (code.charAt(at) === code.charAt(end)) found.push({ raw: code.slice(start, end), at })
  }
  return found
}
