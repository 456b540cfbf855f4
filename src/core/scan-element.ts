import type { FlaggedAttribute, GovernedDirective, Reference, ResourceContext } from './model.ts'

/** An element as any parser can hand it over, whether it builds a tree or reads a stream of tags. */
export interface ScannedElement {
  /** Lower case; SVG's own camel case does not matter here. */
  readonly tag: string
  readonly svg: boolean
  readonly attrs: readonly { readonly name: string; readonly value: string }[]
  /** Where its start tag begins in the source of the page. */
  readonly offset: number
  readonly context: ResourceContext
}

/** What {@link noteElement} adds to. */
export interface ElementNotes {
  readonly attributes: FlaggedAttribute[]
  readonly references: Reference[]
  /** Offsets of elements with a `nonce`. */
  readonly nonces: number[]
}

export function emptyNotes(): ElementNotes {
  return { attributes: [], references: [], nonces: [] }
}

const HANDLER = /^on[a-z]{3,}$/
/** A word that only looks like a handler: the handler of the event is `ononline`. */
const NO_HANDLER = 'online'

/** The parser of URLs drops tabs and newlines, and leading controls and spaces. @see https://url.spec.whatwg.org/#concept-basic-url-parser */
const JAVASCRIPT_URL = new RegExp(
  String.raw`^[\x00-\x20]*${[...'javascript'].join(String.raw`[\t\n\r]*`)}[\t\n\r]*:`,
  'i',
)

/** Attributes to which a browser navigates or that it loads as a document. */
const NAVIGATED: ReadonlySet<string> = new Set(['href', 'action', 'formaction', 'src', 'data'])

/** Attributes that are fetched or submitted to, by element. Scripts, stylesheets and preloads are resources of their own. */
type References = Readonly<Record<string, Readonly<Record<string, GovernedDirective>>>>

const HTML_REFERENCES: References = {
  img: { src: 'img-src', srcset: 'img-src' },
  input: { src: 'img-src', formaction: 'form-action' },
  body: { background: 'img-src' },
  video: { src: 'media-src', poster: 'img-src' },
  audio: { src: 'media-src' },
  source: { src: 'media-src', srcset: 'img-src' },
  track: { src: 'media-src' },
  iframe: { src: 'frame-src' },
  frame: { src: 'frame-src' },
  object: { data: 'object-src' },
  embed: { src: 'object-src' },
  button: { formaction: 'form-action' },
  a: { ping: 'connect-src' },
}

const SVG_REFERENCES: References = {
  image: { href: 'img-src' },
  feimage: { href: 'img-src' },
  use: { href: 'img-src' },
}

/** @see https://html.spec.whatwg.org/multipage/images.html#parse-a-srcset-attribute */
function srcsetUrls(value: string): string[] {
  return [...value.matchAll(/[\s,]*(\S+)(?:\s[^,]*)?/g)].flatMap(([, url]) =>
    url === undefined ? [] : [url.replace(/,+$/, '')],
  )
}

const tokens = (value: string): string[] => value.toLowerCase().split(/[\t\n\f\r ]+/)

function linkReference(rel: string): GovernedDirective | undefined {
  const kinds = tokens(rel)
  if (kinds.some((kind) => kind === 'icon' || kind === 'mask-icon' || kind.startsWith('apple-touch-')))
    return 'img-src'
  return kinds.includes('manifest') ? 'manifest-src' : undefined
}

class Noter {
  constructor(
    private readonly element: ScannedElement,
    private readonly notes: ElementNotes,
  ) {}

  private value(name: string): string | undefined {
    return this.element.attrs.find((attr) => attr.name === name)?.value
  }

  private refer(directive: GovernedDirective, url: string): void {
    const { tag, offset, context } = this.element
    if (url.trim() !== '')
      this.notes.references.push({ directive, url: url.trim(), element: tag, offset, context })
  }

  private flag(kind: FlaggedAttribute['kind'], name: string, value: string): void {
    const { tag, offset, context } = this.element
    this.notes.attributes.push({ kind, name, value, element: tag, offset, context })
  }

  note(): void {
    const { tag, svg, attrs, offset } = this.element
    const references = (svg ? SVG_REFERENCES : HTML_REFERENCES)[tag]
    for (const { name, value } of attrs) {
      if (name === 'style') this.flag('style', name, value)
      else if (name === 'nonce' && value !== '') this.notes.nonces.push(offset)
      else if (HANDLER.test(name) && name !== NO_HANDLER) this.flag('handler', name, value)
      else if (NAVIGATED.has(name) && JAVASCRIPT_URL.test(value)) this.flag('javascript-url', name, value)
      else if (references && Object.hasOwn(references, name)) this.attribute(references[name], name, value)
    }
    if (tag === 'form') this.form()
    else if (tag === 'link') this.link()
  }

  private attribute(directive: GovernedDirective | undefined, name: string, value: string): void {
    if (directive === undefined) return
    const urls = name === 'srcset' ? srcsetUrls(value) : name === 'ping' ? tokens(value) : [value]
    for (const url of urls) this.refer(directive, url)
  }

  /** A form without an action is sent to its own page. */
  private form(): void {
    const action = this.value('action') ?? ''
    if (JAVASCRIPT_URL.test(action) || tokens(this.value('method') ?? '').includes('dialog')) return
    this.refer('form-action', action.trim() || '.')
  }

  private link(): void {
    const directive = linkReference(this.value('rel') ?? '')
    if (directive) this.refer(directive, this.value('href') ?? '')
  }
}

/**
 * Notes what a policy decides about in one start tag: handlers, `javascript:` URLs, style attributes, nonces, and
 * what the element fetches or submits to. It looks at this one tag alone, so that it serves every kind of parser.
 * @see https://html.spec.whatwg.org/multipage/webappapis.html#event-handler-content-attributes
 */
export function noteElement(element: ScannedElement, notes: ElementNotes): void {
  if (element.attrs.length > 0 || element.tag === 'form') new Noter(element, notes).note()
}
