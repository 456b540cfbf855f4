import { defaultTreeAdapter as tree, parse, type DefaultTreeAdapterTypes as Tree, html as spec } from 'parse5'
import type { Attribute, PolicyMeta, Resource, ResourceContext, ScannedPage, Span } from './model.ts'
import { scriptType } from './script-type.ts'

/** Attribute by which a later run recognises the elements that it may replace. */
export const OURS = 'data-csp-hashes'

const { NS } = spec
const BOM = '\uFEFF'

/** Elements of the head that load and run nothing, so a policy may stand behind them. */
const UNGOVERNED: ReadonlySet<string> = new Set(['html', 'head', 'meta', 'title'])

interface Scan {
  readonly resources: Resource[]
  readonly policyMetas: PolicyMeta[]
  readonly strays: Span[]
  base: ScannedPage['base']
  charset: ScannedPage['charset']
  firstGoverned: number
}

/** What a frame's document lends to what stands in it: everything there is reported where the frame stands. */
interface Frame {
  readonly span: Span
  readonly attributeOffset: number
}

function attribute(element: Tree.Element, name: string, prefix = ''): string | undefined {
  return element.attrs.find((attr) => attr.name === name && (attr.prefix ?? '') === prefix)?.value
}

function attributesOf(element: Tree.Element): Attribute[] {
  return element.attrs.map(({ name, value }) => ({ name, value }))
}

function tokens(value: string | undefined): string[] {
  return (value ?? '').toLowerCase().split(/[\t\n\f\r ]+/)
}

class PageScanner {
  readonly found: Scan = {
    resources: [],
    policyMetas: [],
    strays: [],
    base: undefined,
    charset: undefined,
    firstGoverned: Number.POSITIVE_INFINITY,
  }

  constructor(
    private readonly shift: number,
    private readonly frame?: Frame,
  ) {}

  walk(parent: Tree.ParentNode, context: ResourceContext): void {
    for (const node of parent.childNodes) {
      if (!tree.isElementNode(node)) continue
      this.element(node, context)
      if ('content' in node) {
        const mode = attribute(node, 'shadowrootmode')?.toLowerCase()
        const shadow = context !== 'template' && (mode === 'open' || mode === 'closed')
        this.walk((node as Tree.Template).content, shadow ? 'shadow-root' : 'template')
      }
      this.walk(node, context)
    }
  }

  private element(element: Tree.Element, context: ResourceContext): void {
    const location = element.sourceCodeLocation
    const tag = element.tagName
    if (!this.frame && !location?.startTag) return
    const span = this.frame?.span ?? {
      start: (location?.startOffset ?? 0) + this.shift,
      end: (location?.endOffset ?? 0) + this.shift,
    }
    const attributeOffset = this.frame?.attributeOffset ?? span.start + 1 + tag.length
    const ours = attribute(element, OURS) !== undefined
    const svg = element.namespaceURI === NS.SVG
    if (ours && !this.frame) {
      const equiv = attribute(element, 'http-equiv')?.toLowerCase()
      if (tag === 'meta' && equiv === 'content-security-policy')
        this.found.policyMetas.push({ span, content: attribute(element, 'content') ?? '', ours })
      else this.found.strays.push(span)
      return
    }
    if (!UNGOVERNED.has(tag)) this.found.firstGoverned = Math.min(this.found.firstGoverned, span.start)
    const place = { span, attributeOffset, context: this.frame ? 'srcdoc' : context } as const
    if (tag === 'script') this.script(element, svg, place)
    else if (tag === 'style') {
      this.found.resources.push({ kind: 'inline-style', text: textOf(element), ...place })
    } else if (element.namespaceURI !== NS.HTML) return
    else if (tag === 'link') this.link(element, place)
    else if (tag === 'meta') this.meta(element, span)
    else if (tag === 'base') {
      const href = attribute(element, 'href')
      if (href !== undefined) this.found.base ??= { href, span }
    } else if (tag === 'iframe') {
      const srcdoc = attribute(element, 'srcdoc')
      if (srcdoc !== undefined) this.srcdoc(srcdoc, { span, attributeOffset })
    }
  }

  private script(element: Tree.Element, svg: boolean, place: Frame & { context: ResourceContext }): void {
    const type = scriptType(attribute(element, 'type'), attribute(element, 'language'))
    const nomodule = attribute(element, 'nomodule') !== undefined
    const url = svg
      ? (attribute(element, 'href') ?? attribute(element, 'href', 'xlink'))
      : attribute(element, 'src')
    if (url !== undefined) {
      this.found.resources.push({
        kind: 'external-script',
        type,
        nomodule,
        url: url.trim(),
        integrity: attribute(element, 'integrity'),
        crossorigin: attribute(element, 'crossorigin'),
        attributes: attributesOf(element),
        ...place,
      })
      return
    }
    const location = element.sourceCodeLocation
    const start = (location?.startTag?.endOffset ?? 0) + this.shift
    const end = (location?.endTag?.startOffset ?? location?.endOffset ?? 0) + this.shift
    const textSpan = this.frame ? this.frame.span : { start, end }
    this.found.resources.push({
      kind: 'inline-script',
      type,
      nomodule,
      text: textOf(element),
      textSpan,
      ...place,
    })
  }

  private link(element: Tree.Element, place: Frame & { context: ResourceContext }): void {
    const rel = tokens(attribute(element, 'rel'))
    const url = attribute(element, 'href')?.trim()
    if (!url) return
    const as = attribute(element, 'as')?.toLowerCase()
    const kind = (['stylesheet', 'modulepreload', 'preload'] as const).find((one) => rel.includes(one))
    if (!kind) return
    const integrity = attribute(element, 'integrity')
    const crossorigin = attribute(element, 'crossorigin')
    const attributes = attributesOf(element)
    this.found.resources.push({ kind, url, as, integrity, crossorigin, attributes, ...place })
  }

  private meta(element: Tree.Element, span: Span): void {
    const equiv = attribute(element, 'http-equiv')?.toLowerCase()
    const content = attribute(element, 'content') ?? ''
    if (equiv === 'content-security-policy') this.found.policyMetas.push({ span, content, ours: false })
    const declares =
      attribute(element, 'charset') !== undefined || (equiv === 'content-type' && /charset/i.test(content))
    if (declares) this.found.charset ??= { span }
  }

  private srcdoc(html: string, frame: Frame): void {
    const inner = new PageScanner(0, this.frame ?? frame)
    inner.walk(parse(html, { sourceCodeLocationInfo: true }), 'srcdoc')
    this.found.resources.push(...inner.found.resources)
  }
}

function textOf(element: Tree.Element): string {
  return element.childNodes.map((node) => (tree.isTextNode(node) ? node.value : '')).join('')
}

function headStart(document: Tree.Document, shift: number): number {
  let offset = 0
  for (const node of document.childNodes) {
    if (tree.isDocumentTypeNode(node)) offset = node.sourceCodeLocation?.endOffset ?? offset
    if (!tree.isElementNode(node)) continue
    offset = node.sourceCodeLocation?.startTag?.endOffset ?? offset
    const head = node.childNodes.find((child) => tree.isElementNode(child) && child.tagName === 'head')
    if (head && tree.isElementNode(head)) offset = head.sourceCodeLocation?.startTag?.endOffset ?? offset
  }
  return offset + shift
}

/**
 * Reads a page in one parse: its resources in document order, and where a policy can stand.
 * Text is what the HTML parser makes of it (CR and CRLF become LF, U+0000 becomes U+FFFD): what engines hash.
 */
export function scanPage(path: string, source: string): ScannedPage {
  // parse5 takes a byte order mark for text, which would open the body; browsers drop it before they parse.
  const shift = source.startsWith(BOM) ? 1 : 0
  const document = parse(source.slice(shift), { sourceCodeLocationInfo: true })
  const scanner = new PageScanner(shift)
  scanner.walk(document, 'document')
  const { found } = scanner
  return { path, source, headStart: headStart(document, shift), ...found }
}
