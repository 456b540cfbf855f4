/** A string in code that ends as the name of a script or a stylesheet does, and where it begins. */
export interface FileLiteral {
  /** What stands between its quotes. */
  readonly raw: string
  readonly at: number
}

const ENDING = /\.(?:m?js|css)(?=["'`?#])/g
const OUTSIDE_PATH = /[\s"'`<>{}()]/
const OUTSIDE_QUERY = /[\s"'`\\]/g

/**
 * Strings that name scripts and stylesheets, found from their ends, which are rarer than quotes. No character is passed
 * twice, so a file full of endings takes no longer than another.
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
