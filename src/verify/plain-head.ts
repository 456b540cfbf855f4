import { readMeta } from './page-elements.ts'
import type { PageItem } from './page-items.ts'

const ATTRIBUTES = /(?:[\t\n\f ]+[a-z][a-z-]*(?:="[^"&\0\r]*"|=[\w-]+)?)*/
/** All that may stand before the first meta: a comment without `>` ends where every parser ends it. */
const START = new RegExp(
  `^[\\t\\n\\f\\r ]*(?:<!doctype html>[\\t\\n\\f\\r ]*)?(?:<html${ATTRIBUTES.source}[\\t\\n\\f ]*>[\\t\\n\\f\\r ]*)?<head${ATTRIBUTES.source}[\\t\\n\\f ]*>`,
  'i',
)
const META = new RegExp(
  `[\\t\\n\\f\\r ]*(?:<!--(?:[^->\\0]|-(?!-))*-->[\\t\\n\\f\\r ]*)*<meta(${ATTRIBUTES.source})[\\t\\n\\f ]*/?>`,
  'iy',
)
const ATTRIBUTE = /([a-z][a-z-]*)(?:="([^"]*)"|=([\w-]+))?/gi

/** The first attribute of a name counts. */
function attributesOf(text: string): Map<string, string> {
  const attributes = new Map<string, string>()
  for (const [, name = '', quoted, bare] of text.matchAll(ATTRIBUTE)) {
    const key = name.toLowerCase()
    if (!attributes.has(key)) attributes.set(key, quoted ?? bare ?? '')
  }
  return attributes
}

/** No rule that finds nothing to tell looks at a position. */
const nowhere = { line: 1, column: 1 }

/**
 * What a page asks for up to a number of policies, if it begins as pages do: a head whose first elements are metas,
 * written in such a way that no parser could read anything else. `undefined`: the parser has to say. Parsing costs ten
 * times as much, and a page of a directory run costs little more than that.
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
