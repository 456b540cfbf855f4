import type { FlaggedAttribute, GovernedDirective, Reference, ResourceContext } from '../site/model.ts'

/** An element in a form that any parser can provide, whether it builds a tree or reads a stream of tags. */
export interface ScannedElement {
  /** Lower case; the camel case of SVG does not matter here. */
  readonly tag: string
  readonly svg: boolean
  readonly attrs: readonly { readonly name: string; readonly value: string }[]
  /** Offset of its start tag in the source of the page. */
  readonly offset: number
  readonly context: ResourceContext
}

/** The lists to which {@link noteElement} adds. */
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
/** Looks like a handler but is not: the handler of the `online` event is `ononline`. */
const NO_HANDLER = 'online'

const [SPACE, SMALL_J, CAPITAL_J] = [0x20, 0x6a, 0x4a]

/**
 * Matches `javascript:` as URL parsers do: they drop tabs and newlines, and leading controls and spaces.
 * @see https://url.spec.whatwg.org/#concept-basic-url-parser
 */
const JAVASCRIPT_URL = new RegExp(
  String.raw`^[\x00-\x20]*${[...'javascript'].join(String.raw`[\t\n\r]*`)}[\t\n\r]*:`,
  'i',
)

/** Attributes whose URL a browser navigates to or loads as a document. */
const NAVIGATED: ReadonlySet<string> = new Set(['href', 'action', 'formaction', 'src', 'data'])

/**
 * Attributes whose URL is fetched or submitted to, by element. Scripts, stylesheets and preloads are reported as
 * resources.
 */
type References = ReadonlyMap<string, ReadonlyMap<string, GovernedDirective>>

function byElement(table: Readonly<Record<string, Readonly<Record<string, GovernedDirective>>>>): References {
  return new Map(Object.entries(table).map(([tag, names]) => [tag, new Map(Object.entries(names))]))
}

const HTML_REFERENCES = byElement({
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
})

const SVG_REFERENCES = byElement({
  image: { href: 'img-src' },
  feimage: { href: 'img-src' },
  use: { href: 'img-src' },
})

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

function isHandler(name: string): boolean {
  return name.startsWith('on') && name !== NO_HANDLER && HANDLER.test(name)
}

/** The first character rules out most URLs without running the regular expression. */
function isJavascriptUrl(value: string): boolean {
  const first = value.charCodeAt(0)
  return (first <= SPACE || first === SMALL_J || first === CAPITAL_J) && JAVASCRIPT_URL.test(value)
}

function valueOf({ attrs }: ScannedElement, name: string): string {
  return attrs.find((attr) => attr.name === name)?.value ?? ''
}

function refer(
  { tag, offset, context }: ScannedElement,
  notes: ElementNotes,
  directive: GovernedDirective,
  url: string,
): void {
  const trimmed = url.trim()
  if (trimmed !== '') notes.references.push({ directive, url: trimmed, element: tag, offset, context })
}

function flaggedKind(name: string, value: string): FlaggedAttribute['kind'] | undefined {
  if (name === 'style') return 'style'
  if (isHandler(name)) return 'handler'
  return NAVIGATED.has(name) && isJavascriptUrl(value) ? 'javascript-url' : undefined
}

function urlsOf(name: string, value: string): readonly string[] {
  if (name === 'srcset') return srcsetUrls(value)
  return name === 'ping' ? tokens(value) : [value]
}

/** A form without an action is submitted to its own page. */
function form(element: ScannedElement, notes: ElementNotes): void {
  const action = valueOf(element, 'action')
  if (isJavascriptUrl(action) || valueOf(element, 'method').toLowerCase() === 'dialog') return
  refer(element, notes, 'form-action', action.trim() || '.')
}

function link(element: ScannedElement, notes: ElementNotes): void {
  const directive = linkReference(valueOf(element, 'rel'))
  if (directive) refer(element, notes, directive, valueOf(element, 'href'))
}

/**
 * Notes everything in one start tag that a policy applies to: handlers, `javascript:` URLs, style attributes,
 * nonces, and the URLs that the element fetches or submits to. Needs only this tag, so it works with every kind of
 * parser.
 * @see https://html.spec.whatwg.org/multipage/webappapis.html#event-handler-content-attributes
 */
export function noteElement(element: ScannedElement, notes: ElementNotes): void {
  const { tag, svg, attrs, offset, context } = element
  const references = (svg ? SVG_REFERENCES : HTML_REFERENCES).get(tag)
  for (const { name, value } of attrs) {
    const kind = flaggedKind(name, value)
    if (kind) notes.attributes.push({ kind, name, value, element: tag, offset, context })
    else if (name === 'nonce' && value !== '') notes.nonces.push(offset)
    else if (references) {
      const directive = references.get(name)
      if (directive) for (const url of urlsOf(name, value)) refer(element, notes, directive, url)
    }
  }
  if (tag === 'form') form(element, notes)
  else if (tag === 'link') link(element, notes)
}
