import { html as spec } from 'parse5'
import type { Attribute, PolicyMeta, Resource, ResourceContext, ScannedPage, Span } from '../site/model.ts'
import { emptyNotes, noteElement } from './element-notes.ts'
import { isForAnotherEvent, scriptType } from './script-type.ts'

/** Marks elements that this package wrote, so that a later run can replace them. */
export const OURS = 'data-csp-hashes'

const { NS } = spec

/** An element of the parsed page. Offsets are into the parsed text; -1 if the text has no such tag. */
export interface ParsedElement {
  readonly tag: string
  readonly namespace: spec.NS
  readonly attrs: readonly Attribute[]
  readonly start: number
  readonly startTagEnd: number
  readonly end: number
  readonly endTagStart: number
  /** Its text content as the parser decoded it. */
  readonly text: string
  readonly context: ResourceContext
}

/** The position of a frame's element: everything in the frame's document is reported at that position. */
export interface Frame {
  readonly span: Span
  readonly attributeOffset: number
}

type Place = Frame & { readonly context: ResourceContext }

type Found = Omit<ScannedPage, 'path' | 'source' | 'headStart'>

interface PrefixedAttribute extends Attribute {
  readonly prefix?: string
}

function attribute(element: ParsedElement, name: string, prefix = ''): string | undefined {
  const attrs: readonly PrefixedAttribute[] = element.attrs
  for (const attr of attrs) if (attr.name === name && (attr.prefix ?? '') === prefix) return attr.value
  return undefined
}

function attributesOf(element: ParsedElement): Attribute[] {
  return element.attrs.map(({ name, value }) => ({ name, value }))
}

function tokens(value: string | undefined): string[] {
  return (value ?? '').toLowerCase().split(/[\t\n\f\r ]+/)
}

/**
 * Whether a script lacks its end tag: engines neither run it nor check it against the policy. MathML has no
 * scripts, but Firefox treats some of its content as HTML and other browsers do not.
 * @see https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element
 */
function neverRuns({ namespace, startTagEnd, end, endTagStart }: ParsedElement): boolean {
  const selfClosing = namespace === NS.SVG && end === startTagEnd
  return endTagStart < 0 && !selfClosing
}

/** Parses the document of a frame and passes each of its elements to the collector, in document order. */
export type ReadFrame = (html: string, collector: ElementCollector) => void

/** Turns elements, in document order, into the result of a scan. Independent of the parser. */
export class ElementCollector {
  private readonly resources: Resource[] = []
  private readonly policyMetas: PolicyMeta[] = []
  private readonly strays: Span[] = []
  private readonly notes = emptyNotes()
  private base: ScannedPage['base']
  private charset: ScannedPage['charset']

  constructor(
    private readonly shift: number,
    private readonly readFrame: ReadFrame,
    private readonly frame?: Frame,
  ) {}

  found(): Found {
    const { resources, policyMetas, strays, base, charset, notes } = this
    return { resources, policyMetas, strays, base, charset, ...notes }
  }

  element(element: ParsedElement): void {
    const { tag } = element
    if (!this.frame && element.start < 0) return
    const span = this.frame?.span ?? { start: element.start + this.shift, end: element.end + this.shift }
    const attributeOffset = this.frame?.attributeOffset ?? span.start + 1 + tag.length
    const ours = attribute(element, OURS) !== undefined
    if (ours && !this.frame) {
      this.own(element, span)
      return
    }
    const context = this.frame ? 'srcdoc' : element.context
    const svg = element.namespace === NS.SVG
    noteElement(
      { tag: tag.toLowerCase(), svg, attrs: element.attrs, offset: span.start, context },
      this.notes,
    )
    this.resource(element, { span, attributeOffset, context })
  }

  private resource(element: ParsedElement, place: Place): void {
    const { tag } = element
    if (tag === 'script') this.script(element, place)
    else if (tag === 'style') {
      this.resources.push({ kind: 'inline-style', text: element.text, ...place })
    } else if (element.namespace !== NS.HTML) return
    else if (tag === 'link') this.link(element, place)
    else if (tag === 'iframe') {
      const srcdoc = attribute(element, 'srcdoc')
      if (srcdoc !== undefined) this.srcdoc(srcdoc, place)
    } else if (place.context !== 'document') return
    else if (tag === 'meta') this.meta(element, place.span)
    else if (tag === 'base') {
      const href = attribute(element, 'href')
      if (href !== undefined) this.base ??= { href, span: place.span }
    }
  }

  private own(element: ParsedElement, span: Span): void {
    const equiv = attribute(element, 'http-equiv')?.toLowerCase()
    if (element.tag === 'meta' && equiv === 'content-security-policy')
      this.policyMetas.push({ span, content: attribute(element, 'content') ?? '', ours: true })
    else this.strays.push(span)
  }

  private script(element: ParsedElement, place: Place): void {
    if (neverRuns(element)) return
    const svg = element.namespace === NS.SVG
    const type = scriptType(attribute(element, 'type'), svg ? undefined : attribute(element, 'language'))
    const nomodule = !svg && attribute(element, 'nomodule') !== undefined
    const url = svg
      ? (attribute(element, 'href') ?? attribute(element, 'href', 'xlink'))
      : attribute(element, 'src')
    if (url !== undefined) {
      // Browsers check the text of such a script against the policy before they look at its event.
      const obsolete = isForAnotherEvent(attribute(element, 'for'), attribute(element, 'event'))
      if (obsolete && type === 'classic' && !svg) return
      this.resources.push({
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
    const { text, startTagEnd, end, endTagStart } = element
    const own = { start: startTagEnd + this.shift, end: (endTagStart < 0 ? end : endTagStart) + this.shift }
    this.resources.push({
      kind: 'inline-script',
      type,
      nomodule,
      text,
      textSpan: this.frame ? this.frame.span : own,
      ...place,
    })
  }

  private link(element: ParsedElement, place: Place): void {
    const rel = tokens(attribute(element, 'rel'))
    const url = attribute(element, 'href')?.trim()
    if (!url) return
    const as = attribute(element, 'as')?.toLowerCase()
    const kind = (['stylesheet', 'modulepreload', 'preload'] as const).find((one) => rel.includes(one))
    if (!kind) return
    const integrity = attribute(element, 'integrity')
    const crossorigin = attribute(element, 'crossorigin')
    const attributes = attributesOf(element)
    this.resources.push({ kind, url, as, integrity, crossorigin, attributes, ...place })
  }

  private meta(element: ParsedElement, span: Span): void {
    const equiv = attribute(element, 'http-equiv')?.toLowerCase()
    const content = attribute(element, 'content') ?? ''
    if (equiv === 'content-security-policy') this.policyMetas.push({ span, content, ours: false })
    const declares =
      attribute(element, 'charset') !== undefined || (equiv === 'content-type' && /charset/i.test(content))
    if (declares) this.charset ??= { span }
  }

  private srcdoc(html: string, { span, attributeOffset }: Frame): void {
    const inner = new ElementCollector(0, this.readFrame, this.frame ?? { span, attributeOffset })
    this.readFrame(html, inner)
    this.resources.push(...inner.resources)
    this.notes.attributes.push(...inner.notes.attributes)
    this.notes.references.push(...inner.notes.references)
    this.notes.nonces.push(...inner.notes.nonces)
  }
}
