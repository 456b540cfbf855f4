import { parse } from 'parse5'
import { nextNodes, type PageNode } from './page-tree.ts'
import { readElement } from './page-elements.ts'
import type { PageItem, Position } from './page-items.ts'

/**
 * Reads a page as a browser's parser does, with scripting on: the content of `<noscript>` is text.
 * `at` overrides positions, for the document of an `<iframe srcdoc>`, whose source is an attribute.
 */
export function readPage(html: string, at?: Position): PageItem[] {
  const items: PageItem[] = []
  const document = parse(html, { sourceCodeLocationInfo: true, scriptingEnabled: true })
  const stack: PageNode[] = [{ node: document, inTemplate: false, inShadow: false, inHead: false }]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if ('tagName' in next.node) {
      for (const item of readElement(next.node, next, readPage))
        items.push(at === undefined ? item : { ...item, at })
    }
    stack.push(...nextNodes(next).toReversed())
  }
  return items
}
