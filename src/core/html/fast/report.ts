import type { ResourceContext } from '../../site/model.ts'
import type { ElementCollector } from '../collector.ts'
import type { ScanParser } from './scan-parser.ts'
import { descendants, type ScanNode } from './tree.ts'

/** Offset behind the start tags of `<html>` and `<head>`, or behind the doctype where those are left out. */
export function headStart({ document, doctypeEnd }: ScanParser): number {
  let offset = doctypeEnd
  for (let node = document.first; node; node = node.next) {
    if (node.start >= 0) offset = node.sight?.startTagEnd ?? offset
    let head = node.first
    while (head && head.tagName !== 'head') head = head.next
    if (head && head.start >= 0) offset = head.sight?.startTagEnd ?? offset
  }
  return offset
}

/**
 * Hands over what a parser found, in document order. `everything`: with the elements that it made up itself, or that
 * were given attributes by a second tag.
 */
export function report(parser: ScanParser, collector: ElementCollector, everything = false): void {
  const { document, tree } = parser
  const contexts = new ContextTable()
  if (tree.moved || everything) {
    for (const node of descendants(document)) hand(node, contexts.of(node.root), collector)
    return
  }
  for (const node of tree.sighted) hand(node, contexts.of(node.root), collector)
}

function hand(node: ScanNode, context: ResourceContext, collector: ElementCollector): void {
  const { sight } = node
  if (!sight) return
  const { tagName: tag, namespaceURI: namespace, attrs, start } = node
  const { startTagEnd, end, endTagStart } = sight
  const text = ofItsOwn(sight.text)
  for (const attr of attrs) attr.value = ofItsOwn(attr.value)
  collector.element({ tag, namespace, attrs, start, startTagEnd, end, endTagStart, text, context })
}

/** A cut out piece that long shares the memory of the page, and would keep it for as long as a report keeps the piece. */
const SHARED_LENGTH = 13

function ofItsOwn(text: string): string {
  return text.length < SHARED_LENGTH ? text : ` ${text}`.slice(1)
}

/** Where the elements of a document or of a template's content stand. */
class ContextTable {
  private readonly known = new Map<ScanNode, ResourceContext>()

  of(root: ScanNode): ResourceContext {
    const unknown: ScanNode[] = []
    let context: ResourceContext | undefined = 'document'
    for (let at = root, template = at.content; template; at = template.root, template = at.content) {
      context = this.known.get(at)
      if (context) break
      unknown.push(at)
      context = 'document'
    }
    for (const fragment of unknown.toReversed()) {
      context = context === 'template' || !isShadow(fragment.content) ? 'template' : 'shadow-root'
      this.known.set(fragment, context)
    }
    return context ?? 'document'
  }
}

function isShadow(template: ScanNode | null): boolean {
  const mode = template?.attrs.find(({ name }) => name === 'shadowrootmode')?.value.toLowerCase()
  return mode === 'open' || mode === 'closed'
}
