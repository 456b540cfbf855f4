import {
  defaultTreeAdapter,
  type DefaultTreeAdapterMap,
  html as spec,
  parse,
  Parser,
  type ParserOptions,
  type Token,
} from 'parse5'
import { nextNodes, type PageNode, textOf } from './page-tree.ts'
import { readElement } from './page-elements.ts'
import type { PageItem, Position } from './page-items.ts'

type Element = DefaultTreeAdapterMap['element']

interface FoundElement {
  readonly element: Element
  readonly place: PageNode
  readonly offset: number
}

/** Reads `<select>` as the newer rules do, under which its content is parsed like that of any element. */
class OpenSelects extends Parser<DefaultTreeAdapterMap> {
  override onStartTag(token: Token.TagToken): void {
    super.onStartTag(renamed(token))
  }

  override onEndTag(token: Token.TagToken): void {
    super.onEndTag(renamed(token))
  }
}

function renamed(token: Token.TagToken): Token.TagToken {
  if (token.tagName === 'select') {
    token.tagName = 'any-element'
    token.tagID = spec.TAG_ID.UNKNOWN
  }
  return token
}

type Parse = (
  html: string,
  options: ParserOptions<DefaultTreeAdapterMap>,
) => DefaultTreeAdapterMap['document']

function elementsOf(html: string, parse: Parse): FoundElement[] {
  const roots: DefaultTreeAdapterMap['node'][] = []
  const treeAdapter: typeof defaultTreeAdapter = {
    ...defaultTreeAdapter,
    detachNode(node) {
      // A `<frameset>` replaces the body, whose scripts have run by then.
      if (node.nodeName === 'body') roots.push(node)
      defaultTreeAdapter.detachNode(node)
    },
  }
  roots.push(parse(html, { sourceCodeLocationInfo: true, scriptingEnabled: true, treeAdapter }))
  const found: FoundElement[] = []
  const stack: PageNode[] = roots.map((node) => ({ node, inTemplate: false, inShadow: false, inHead: false }))
  let offset = 0
  for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
    const { node } = place
    if (defaultTreeAdapter.isElementNode(node)) {
      offset = node.sourceCodeLocation?.startOffset ?? offset
      found.push({ element: node, place, offset })
    }
    stack.push(...nextNodes(place).toReversed())
  }
  return found
}

/** Elements as one reading has them and another has not. */
const keyOf = ({ element, offset }: FoundElement): string =>
  `${offset} ${element.namespaceURI} ${element.tagName === 'script' ? textOf(element) : ''}`

/** What any of today's browsers makes of a page: they differ in the content of `<select>` alone. */
function allElements(html: string): FoundElement[] {
  const usual = elementsOf(html, parse)
  const known = new Set(usual.map(keyOf))
  const more = /<select[\s/>]/i.test(html)
    ? elementsOf(html, (text, options) => OpenSelects.parse<DefaultTreeAdapterMap>(text, options)).filter(
        (one) => !known.has(keyOf(one)),
      )
    : []
  return [...usual, ...more].toSorted((a, b) => a.offset - b.offset)
}

/**
 * Reads a page as a browser's parser does, with scripting on: the content of `<noscript>` is text.
 * `at` overrides positions, for the document of an `<iframe srcdoc>`, whose source is an attribute.
 */
export function readPage(html: string, at?: Position): PageItem[] {
  const items = allElements(html).flatMap(({ element, place }) => readElement(element, place, readPage))
  return at === undefined ? items : items.map((item) => ({ ...item, at }))
}
