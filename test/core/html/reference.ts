import { defaultTreeAdapter as tree, Parser, type DefaultTreeAdapterTypes as Tree, type Token } from 'parse5'
import type { ResourceContext, ScannedPage } from '../../../src/core/site/model.ts'
import { ElementCollector } from '../../../src/core/html/collector.ts'

const BOM = '\uFEFF'

/** parse5 lets a script or style that is never closed end where its start tag begins; it ends with the input. */
class WholeTreeParser extends Parser<Tree.DefaultTreeAdapterMap> {
  override onEof(token: Token.EOFToken): void {
    this.currentToken = token
    super.onEof(token)
  }
}

function parse(html: string): Tree.Document {
  return WholeTreeParser.parse<Tree.DefaultTreeAdapterMap>(html, { sourceCodeLocationInfo: true })
}

/** Hands every element of a whole tree over, in its order: parse5's own tokenizer, tree and locations throughout. */
function walk(parent: Tree.ParentNode, context: ResourceContext, collector: ElementCollector): void {
  for (const node of parent.childNodes) {
    if (!tree.isElementNode(node)) continue
    hand(node, context, collector)
    if ('content' in node) {
      const mode = node.attrs.find(({ name }) => name === 'shadowrootmode')?.value.toLowerCase()
      const shadow = context !== 'template' && (mode === 'open' || mode === 'closed')
      walk((node as Tree.Template).content, shadow ? 'shadow-root' : 'template', collector)
    }
    walk(node, context, collector)
  }
}

function hand(node: Tree.Element, context: ResourceContext, collector: ElementCollector): void {
  const location = node.sourceCodeLocation
  collector.element({
    tag: node.tagName,
    namespace: node.namespaceURI,
    attrs: node.attrs,
    start: location?.startTag ? location.startOffset : -1,
    startTagEnd: location?.startTag?.endOffset ?? -1,
    end: location?.endOffset ?? -1,
    endTagStart: location?.endTag?.startOffset ?? -1,
    text: node.childNodes.map((child) => (tree.isTextNode(child) ? child.value : '')).join(''),
    context,
  })
}

function headStart(document: Tree.Document): number {
  let offset = 0
  for (const node of document.childNodes) {
    if (tree.isDocumentTypeNode(node)) offset = node.sourceCodeLocation?.endOffset ?? offset
    if (!tree.isElementNode(node)) continue
    offset = node.sourceCodeLocation?.startTag?.endOffset ?? offset
    const head = node.childNodes.find((child) => tree.isElementNode(child) && child.tagName === 'head')
    if (head && tree.isElementNode(head)) offset = head.sourceCodeLocation?.startTag?.endOffset ?? offset
  }
  return offset
}

function readFrame(html: string, collector: ElementCollector): void {
  walk(parse(html), 'srcdoc', collector)
}

/** What `scanPage` has to find, read off the tree that parse5 builds by itself. */
export function scanByTree(path: string, source: string): ScannedPage {
  const shift = source.startsWith(BOM) ? 1 : 0
  const document = parse(source.slice(shift))
  const collector = new ElementCollector(shift, readFrame)
  walk(document, 'document', collector)
  return { path, source, headStart: headStart(document) + shift, ...collector.found() }
}
