import type {
  DefaultTreeAdapterTypes as Tree,
  html as spec,
  Token,
  TreeAdapter,
  TreeAdapterTypeMap,
} from 'parse5'
import { html } from 'parse5'
import { isNoteworthy } from './names.ts'

/** Positions and text of an element that a scan may report. Offsets are -1 if the source has no such tag. */
export interface Sight {
  startTagEnd: number
  end: number
  endTagStart: number
  text: string
}

/**
 * A document, a fragment or an element: one class for all, to keep property reads monomorphic. Text and comments
 * have no nodes. Children form a linked list, because foster parenting and the adoption agency insert and detach
 * nodes.
 */
export class ScanNode {
  parent: ScanNode | null = null
  first: ScanNode | null = null
  last: ScanNode | null = null
  previous: ScanNode | null = null
  next: ScanNode | null = null
  /** The document or the template content in which the node was first inserted. */
  root: ScanNode = this
  /** For a template: its content fragment. For that fragment: the template. */
  content: ScanNode | null = null
  /** Offset of the start tag; -1 for an element that the parser created itself. */
  start = -1
  sight: Sight | null = null

  constructor(
    readonly tagName: string,
    readonly namespaceURI: spec.NS,
    readonly attrs: Token.Attribute[],
  ) {}
}

export type ScanTypes = TreeAdapterTypeMap<
  ScanNode,
  ScanNode,
  ScanNode,
  ScanNode,
  ScanNode,
  ScanNode,
  ScanNode,
  ScanNode,
  ScanNode,
  ScanNode
>

const { NS } = html

/** Elements that a scan may report even without attributes, or that can get attributes from a second tag. */
const ALWAYS: ReadonlySet<string> = new Set(['script', 'style', 'form', 'html', 'head', 'body'])

function unlink(node: ScanNode): void {
  const { parent, previous, next } = node
  if (!parent) return
  if (previous) previous.next = next
  else parent.first = next
  if (next) next.previous = previous
  else parent.last = previous
  node.parent = node.previous = node.next = null
}

function* children(node: ScanNode): Generator<ScanNode> {
  for (let child = node.first; child; child = child.next) yield child
}

/** A tree of elements only, with positions of the relevant ones. `sighted` is in document order unless `moved`. */
export class ScanTree implements TreeAdapter<ScanTypes> {
  readonly sighted: ScanNode[] = []
  /** Whether an element was inserted anywhere but after all earlier elements. */
  moved = false
  /** A body that a `<frameset>` replaced: its scripts have already run. */
  droppedBody: ScanNode | undefined
  private mode: spec.DOCUMENT_MODE = html.DOCUMENT_MODE.NO_QUIRKS

  createDocument(): ScanNode {
    return new ScanNode('#document', NS.HTML, [])
  }

  createDocumentFragment(): ScanNode {
    return new ScanNode('#document-fragment', NS.HTML, [])
  }

  createElement(tagName: string, namespaceURI: spec.NS, attrs: Token.Attribute[]): ScanNode {
    const node = new ScanNode(tagName, namespaceURI, attrs)
    if (ALWAYS.has(tagName) || (attrs.length > 0 && isNoteworthy(tagName, attrs)))
      node.sight = { startTagEnd: -1, end: -1, endTagStart: -1, text: '' }
    return node
  }

  appendChild(parent: ScanNode, node: ScanNode): void {
    node.parent = parent
    node.root = parent.root
    const { last } = parent
    node.previous = last
    if (last) last.next = node
    else parent.first = node
    parent.last = node
    if (node.sight) this.sighted.push(node)
  }

  insertBefore(parent: ScanNode, node: ScanNode, reference: ScanNode): void {
    this.moved = true
    const { previous } = reference
    node.parent = parent
    node.root = parent.root
    node.previous = previous
    node.next = reference
    reference.previous = node
    if (previous) previous.next = node
    else parent.first = node
  }

  detachNode(node: ScanNode): void {
    this.moved = true
    if (node.tagName === 'body') this.droppedBody = node
    unlink(node)
  }

  setTemplateContent(template: ScanNode, content: ScanNode): void {
    template.content = content
    content.content = template
  }

  getTemplateContent(template: ScanNode): ScanNode {
    if (!template.content) throw new TypeError('a template has its content from the start')
    return template.content
  }

  adoptAttributes(recipient: ScanNode, attrs: Token.Attribute[]): void {
    for (const attr of attrs)
      if (!recipient.attrs.some(({ name }) => name === attr.name)) recipient.attrs.push(attr)
  }

  setDocumentMode(_document: ScanNode, mode: spec.DOCUMENT_MODE): void {
    this.mode = mode
  }

  getDocumentMode(): spec.DOCUMENT_MODE {
    return this.mode
  }

  getFirstChild(node: ScanNode): ScanNode | null {
    return node.first
  }

  getChildNodes(node: ScanNode): ScanNode[] {
    return [...children(node)]
  }

  getParentNode(node: ScanNode): ScanNode | null {
    return node.parent
  }

  getAttrList(element: ScanNode): Token.Attribute[] {
    return element.attrs
  }

  getTagName(element: ScanNode): string {
    return element.tagName
  }

  getNamespaceURI(element: ScanNode): spec.NS {
    return element.namespaceURI
  }

  /** The parser calls this only for html and body, to check whether their end tags occurred. */
  getNodeSourceCodeLocation({ start, sight }: ScanNode): Tree.Element['sourceCodeLocation'] {
    if (start < 0 || !sight) return undefined
    const startTag = place(start, sight.startTagEnd)
    const endTag = sight.endTagStart < 0 ? {} : { endTag: place(sight.endTagStart, sight.end) }
    return { ...place(start, sight.end), startTag, ...endTag }
  }

  // Text, comments and the doctype have no nodes: the parser passes them to its own methods, which drop them.
  setDocumentType(): void {}
  setNodeSourceCodeLocation(): void {}
  updateNodeSourceCodeLocation(): void {}
  insertText(): void {}
  insertTextBefore(): void {}
  createCommentNode(): never {
    throw new TypeError(NO_SUCH_NODE)
  }
  createTextNode(): never {
    throw new TypeError(NO_SUCH_NODE)
  }
  getCommentNodeContent(): never {
    throw new TypeError(NO_SUCH_NODE)
  }
  getTextNodeContent(): never {
    throw new TypeError(NO_SUCH_NODE)
  }
  getDocumentTypeNodeName(): never {
    throw new TypeError(NO_SUCH_NODE)
  }
  getDocumentTypeNodePublicId(): never {
    throw new TypeError(NO_SUCH_NODE)
  }
  getDocumentTypeNodeSystemId(): never {
    throw new TypeError(NO_SUCH_NODE)
  }
  isCommentNode(_node: ScanNode): _node is ScanNode {
    return false
  }
  isTextNode(_node: ScanNode): _node is ScanNode {
    return false
  }
  isDocumentTypeNode(_node: ScanNode): _node is ScanNode {
    return false
  }
  isElementNode(_node: ScanNode): _node is ScanNode {
    return true
  }
}

const NO_SUCH_NODE = 'a scan keeps elements alone'

function place(startOffset: number, endOffset: number): Token.Location {
  return { startLine: -1, startCol: -1, startOffset, endLine: -1, endCol: -1, endOffset }
}

/**
 * All elements below `top` in document order, the content of a template before its children. Corrects their
 * `root`.
 */
export function* descendants(top: ScanNode): Generator<ScanNode> {
  let node: ScanNode | null = top
  while (node) {
    if (node.parent) {
      node.root = node.parent.root
      yield node
    }
    node = following(node, top)
  }
}

function following(node: ScanNode, top: ScanNode): ScanNode | null {
  // The `content` of a fragment points back to its template.
  if (node.tagName !== '#document-fragment' && node.content) return node.content
  if (node.first) return node.first
  for (let at: ScanNode | null = node; at && at !== top; at = at.parent) {
    if (at.tagName === '#document-fragment' && at.content) {
      at = at.content
      if (at.first) return at.first
    }
    if (at.next) return at.next
  }
  return null
}
