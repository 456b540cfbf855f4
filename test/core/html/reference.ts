import {
  defaultTreeAdapter as tree,
  html,
  Parser,
  type DefaultTreeAdapterTypes as Tree,
  type Token,
} from 'parse5'
import type { ResourceContext, ScannedPage } from '../../../src/core/site/model.ts'
import { ElementCollector, type ParsedElement } from '../../../src/core/html/collector.ts'

const BOM = '\uFEFF'

/** Bodies that a `<frameset>` has replaced. */
const replaced = new WeakMap<Tree.Document, Tree.Element>()
const adapter: typeof tree = {
  ...tree,
  detachNode(node) {
    if ('tagName' in node && node.tagName === 'body') {
      const html = node.parentNode
      if (html && tree.isElementNode(html)) replaced.set(html.parentNode as Tree.Document, node)
    }
    tree.detachNode(node)
  },
}

/** parse5 lets a script or style that is never closed end where its start tag begins; it ends with the input. */
class WholeTreeParser extends Parser<Tree.DefaultTreeAdapterMap> {
  override onEof(token: Token.EOFToken): void {
    this.currentToken = token
    super.onEof(token)
  }
}

/** Takes the names of tags, so that `<select>` is none that the tree construction knows. */
class OpenSelectParser extends WholeTreeParser {
  override onStartTag(token: Token.TagToken): void {
    super.onStartTag(opened(token))
  }

  override onEndTag(token: Token.TagToken): void {
    super.onEndTag(opened(token))
  }
}

const opened = (token: Token.TagToken): Token.TagToken =>
  token.tagName === 'select' ? Object.assign(token, { tagName: 'x-select', tagID: 0 }) : token

const options = { sourceCodeLocationInfo: true, treeAdapter: adapter }

/** Both ways in which browsers of today read a document. */
function readings(html: string): Tree.Document[] {
  const usual = WholeTreeParser.parse<Tree.DefaultTreeAdapterMap>(html, options)
  if (!/<select[\s/>]/i.test(html)) return [usual]
  return [usual, OpenSelectParser.parse<Tree.DefaultTreeAdapterMap>(html, options)]
}

/** Hands on what the readings before have not had. */
class Once {
  private readonly known = new Set<string>()
  private keys: string[] = []

  constructor(private readonly collector: ElementCollector) {}

  element(element: ParsedElement): void {
    const tag = element.tag === 'x-select' ? 'select' : element.tag
    const { start, namespace, attrs, text } = element
    const own = tag === 'script' || tag === 'style' ? text : ''
    const key = JSON.stringify([start, tag, namespace, attrs.length, own])
    this.keys.push(key)
    if (!this.known.has(key)) this.collector.element({ ...element, tag })
  }

  next(): void {
    for (const key of this.keys) this.known.add(key)
    this.keys = []
  }
}

function read(html: string, context: ResourceContext, collector: ElementCollector): Tree.Document[] {
  const documents = readings(html)
  const once = new Once(collector)
  for (const document of documents) {
    walk(document, context, once)
    const body = replaced.get(document)
    if (body) {
      hand(body, context, once)
      walk(body, context, once)
    }
    once.next()
  }
  return documents
}

/** Hands every element of a whole tree over, in its order: parse5's own tokenizer, tree and locations throughout. */
function walk(parent: Tree.ParentNode, context: ResourceContext, collector: Once): void {
  for (const node of parent.childNodes) {
    if (!tree.isElementNode(node)) continue
    hand(node, context, collector)
    if ('content' in node) {
      const shadow = context !== 'template' && isShadowRoot(node)
      walk((node as Tree.Template).content, shadow ? 'shadow-root' : 'template', collector)
    }
    walk(node, context, collector)
  }
}

const HOSTS =
  'article aside blockquote body div footer h1 h2 h3 h4 h5 h6 header main nav p section span'.split(' ')

function declaresShadow(node: Tree.ChildNode): boolean {
  if (!tree.isElementNode(node) || node.tagName !== 'template') return false
  const mode = node.attrs.find(({ name }) => name === 'shadowrootmode')?.value.toLowerCase()
  return mode === 'open' || mode === 'closed'
}

function isShadowRoot(template: Tree.Element): boolean {
  const host = template.parentNode
  if (!host || !tree.isElementNode(host) || host.namespaceURI !== html.NS.HTML) return false
  if (!HOSTS.includes(host.tagName) && !/^[a-z].*-/.test(host.tagName)) return false
  return host.childNodes.find(declaresShadow) === template
}

function hand(node: Tree.Element, context: ResourceContext, collector: Once): void {
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
  read(html, 'srcdoc', collector)
}

/** What `scanPage` has to find, read off the trees that parse5 builds by itself. */
export function scanByTree(path: string, source: string): ScannedPage {
  const shift = source.startsWith(BOM) ? 1 : 0
  const collector = new ElementCollector(shift, readFrame)
  const [document, second] = read(source.slice(shift), 'document', collector)
  const found = collector.found()
  const resources = second ? found.resources.toSorted((a, b) => a.span.start - b.span.start) : found.resources
  return { path, source, headStart: headStart(document!) + shift, ...found, resources }
}
