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

/** Parses `<select>` by the newer HTML rules, which treat its content like that of any other element. */
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
      // A `<frameset>` replaces the body, but by then the scripts in the body have run.
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

/** Identifies an element across the two ways of parsing a page. */
const keyOf = ({ element, offset }: FoundElement): string =>
  `${offset} ${element.namespaceURI} ${element.tagName === 'script' ? textOf(element) : ''}`

/** The elements that any current browser finds in a page. Browsers differ only in the content of `<select>`. */
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
 * Parses a page like a browser with scripting enabled, so the content of `<noscript>` is text.
 * `at` overrides all positions. It is set for an `<iframe srcdoc>`, whose source is an attribute.
 */
export function readPage(html: string, at?: Position): PageItem[] {
  const items = allElements(html).flatMap(({ element, place }) => readElement(element, place, readPage))
  return at === undefined ? items : items.map((item) => ({ ...item, at }))
}
