import { readMeta } from './page-elements.ts'
import type { PageItem } from './page-items.ts'

const ATTRIBUTES = /(?:[\t\n\f ]+[a-z][a-z-]*(?:="[^"&\0\r]*"|=[\w-]+)?)*/
/** Matches everything that may precede the first meta. */
const START = new RegExp(
  `^[\\t\\n\\f\\r ]*(?:<!doctype html>[\\t\\n\\f\\r ]*)?(?:<html${ATTRIBUTES.source}[\\t\\n\\f ]*>[\\t\\n\\f\\r ]*)?<head${ATTRIBUTES.source}[\\t\\n\\f ]*>`,
  'i',
)
/** Comments must not contain `>`: only then do all parsers agree on where they end. */
const META = new RegExp(
  `[\\t\\n\\f\\r ]*(?:<!--(?:[^->\\0]|-(?!-))*-->[\\t\\n\\f\\r ]*)*<meta(${ATTRIBUTES.source})[\\t\\n\\f ]*/?>`,
  'iy',
)
const ATTRIBUTE = /([a-z][a-z-]*)(?:="([^"]*)"|=([\w-]+))?/gi

/** If a name occurs twice, the first attribute wins. */
function attributesOf(text: string): Map<string, string> {
  const attributes = new Map<string, string>()
  for (const [, name = '', quoted, bare] of text.matchAll(ATTRIBUTE)) {
    const key = name.toLowerCase()
    if (!attributes.has(key)) attributes.set(key, quoted ?? bare ?? '')
  }
  return attributes
}

/** A placeholder: positions matter only for refusals, and then the parser reads the page again. */
const nowhere = { line: 1, column: 1 }

/**
 * Reads the metas at the start of a head, up to the given number of policies, if the markup is so simple that every
 * parser reads it the same way. Otherwise returns `undefined`, and the page must be parsed. Parsing takes several times
 * as long, and a directory run checks every page.
 */
export function readPlainHead(html: string, policies: number): PageItem[] | undefined {
  const start = START.exec(html)
  if (!start) return undefined
  const items: PageItem[] = []
  META.lastIndex = start[0].length
  for (let left = policies; left > 0;) {
    const meta = META.exec(html)
    if (!meta) return undefined
    const found = readMeta(attributesOf(meta[1] ?? ''), nowhere, true, META.lastIndex)
    items.push(...found)
    if (found.some(({ kind }) => kind === 'policy')) left--
  }
  return items
}
