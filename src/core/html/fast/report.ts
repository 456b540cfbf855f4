import { html as spec } from 'parse5'
import type { ResourceContext } from '../../site/model.ts'
import type { ElementCollector } from '../collector.ts'
import { OPEN_SELECT, type ScanParser } from './scan-parser.ts'
import { descendants, type ScanNode } from './tree.ts'

/** Offset after the start tags of `<html>` and `<head>`, or after the doctype if those tags are omitted. */
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
 * Passes the elements that the readings of a document found to the collector, in document order; an element found
 * alike by several readings is passed once. `everything` includes elements that the parser created itself, or that
 * got attributes from a second tag.
 */
export function report(
  readings: readonly ScanParser[],
  collector: ElementCollector,
  everything = false,
): void {
  const known = new Set<string>()
  for (const reading of readings) {
    const contexts = new ContextTable()
    const keys: string[] = []
    for (const node of nodesOf(reading, everything)) {
      if (!node.sight) continue
      if (readings.length > 1) {
        const key = keyOf(node)
        if (known.has(key)) continue
        keys.push(key)
      }
      hand(node, contexts.of(node.root), collector)
    }
    for (const key of keys) known.add(key)
  }
}

function nodesOf({ document, tree }: ScanParser, everything: boolean): Iterable<ScanNode> {
  if (!tree.moved && !everything) return tree.sighted
  const { droppedBody } = tree
  if (!droppedBody) return descendants(document)
  return [...descendants(document), droppedBody, ...descendants(droppedBody)]
}

/** Whether the elements are passed on in source order. */
export const inOrder = (readings: readonly ScanParser[]): boolean =>
  readings.length === 1 && readings.every(({ tree }) => !tree.droppedBody)

const tagOf = ({ tagName }: ScanNode): string => (tagName === OPEN_SELECT ? 'select' : tagName)

/** Two readings found the same element if these values agree. */
function keyOf(node: ScanNode): string {
  const { start, namespaceURI, attrs, sight } = node
  return [start, tagOf(node), namespaceURI, attrs.length, sight?.text].join(' ')
}

function hand(node: ScanNode, context: ResourceContext, collector: ElementCollector): void {
  const { sight } = node
  if (!sight) return
  const { namespaceURI: namespace, attrs, start } = node
  const { startTagEnd, end, endTagStart } = sight
  const text = ofItsOwn(sight.text)
  for (const attr of attrs) attr.value = ofItsOwn(attr.value)
  collector.element({
    tag: tagOf(node),
    namespace,
    attrs,
    start,
    startTagEnd,
    end,
    endTagStart,
    text,
    context,
  })
}

/**
 * V8 keeps the whole page in memory for a substring of at least this length, as long as the substring is
 * referenced.
 */
const SHARED_LENGTH = 13

function ofItsOwn(text: string): string {
  return text.length < SHARED_LENGTH ? text : ` ${text}`.slice(1)
}

/** Looks up the context of elements: a document, or the content of a template. */
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

/** @see https://dom.spec.whatwg.org/#valid-shadow-host-name */
const SHADOW_HOSTS =
  /^(?:article|aside|blockquote|body|div|footer|h[1-6]|header|main|nav|p|section|span|[a-z].*-.*)$/

/** A template without a valid host, or a second one in the same host, is inert. */
function isShadow(template: ScanNode | null): boolean {
  const host = template?.parent
  if (!template || !asksForShadow(template) || !host) return false
  if (host.namespaceURI !== spec.NS.HTML || !SHADOW_HOSTS.test(host.tagName)) return false
  let first = host.first
  while (first && first !== template && !asksForShadow(first)) first = first.next
  return first === template
}

function asksForShadow({ tagName, attrs }: ScanNode): boolean {
  if (tagName !== 'template') return false
  const mode = attrs.find(({ name }) => name === 'shadowrootmode')?.value.toLowerCase()
  return mode === 'open' || mode === 'closed'
}
