import type { DefaultTreeAdapterTypes as Tree } from 'parse5'
import type { LoadDirective, PageItem, Position } from './page-items.ts'
import { attributesOf, isHtml, isSvg, textOf, type PageNode } from './page-tree.ts'
import { isObsoleteEvent, scriptType } from './script-type.ts'

type Attributes = ReadonlyMap<string, string>
type Srcdoc = (html: string, at: Position) => readonly PageItem[]

/** Reads the items of an element and its attributes. In a template, it reads only scripts and srcdoc frames. */
export function readElement(element: Tree.Element, place: PageNode, readSrcdoc: Srcdoc): PageItem[] {
  const attributes = attributesOf(element)
  const location = element.sourceCodeLocation
  const at: Position = { line: location?.startLine ?? 1, column: location?.startCol ?? 1 }
  if (element.tagName === 'script') return readScript(element, attributes, at, place.inTemplate)
  if (place.inTemplate) return isHtml(element) ? readInertFrame(element, attributes, at, readSrcdoc) : []
  const items = readAttributes(element, attributes, at)
  if (!isHtml(element) && ONLY_HTML.has(element.tagName)) return items
  switch (element.tagName) {
    case 'meta':
      return [...items, ...readMeta(attributes, at, place.inHead, location?.endOffset ?? 0)]
    case 'base': {
      const href = attributes.get('href')
      return href === undefined || place.inShadow ? items : [...items, { kind: 'base', href, at }]
    }
    case 'style':
      if (!/^(text\/css)?$/i.test(attributes.get('type') ?? '') || textOf(element) === '') return items
      return [...items, { kind: 'inline-style', text: textOf(element), nonce: attributes.get('nonce'), at }]
    case 'link':
      return [...items, ...readLink(attributes, at)]
    case 'iframe':
      return [...items, ...readFrame(attributes, at, readSrcdoc)]
    default:
      return [...items, ...readLoads(element, attributes, at)]
  }
}

/** Elements that have no effect inside SVG and MathML. */
const ONLY_HTML: ReadonlySet<string> = new Set(['meta', 'base', 'link', 'iframe'])

/** Cloning a template activates the frames in it. */
function readInertFrame(
  { tagName }: Tree.Element,
  attributes: Attributes,
  at: Position,
  readSrcdoc: Srcdoc,
): PageItem[] {
  if (tagName !== 'iframe') return []
  return readFrame(attributes, at, readSrcdoc).flatMap((item) =>
    item.kind === 'srcdoc' ? [{ ...item, inTemplate: true }] : [],
  )
}

/** Engines do not run a script that is still unclosed at the end of the document. */
function isPrepared(element: Tree.Element): boolean {
  const { startTag, endTag, endOffset } = element.sourceCodeLocation ?? {}
  return endTag !== undefined || (isSvg(element) && startTag?.endOffset === endOffset)
}

function readScript(
  element: Tree.Element,
  attributes: Attributes,
  at: Position,
  inTemplate: boolean,
): PageItem[] {
  if (!isPrepared(element)) return []
  const type = scriptType(attributes, isSvg(element))
  const nonce = attributes.get('nonce')
  const nomodule = attributes.has('nomodule') && type === 'classic' && !isSvg(element)
  const url = isSvg(element)
    ? (attributes.get('href') ?? attributes.get('xlink:href'))
    : attributes.get('src')
  const items: PageItem[] = readAttributes(element, attributes, at)
  if (url === undefined) {
    const text = textOf(element)
    if (text === '' || type === 'data') return items
    return [...items, { kind: 'inline-script', type, text, nonce, nomodule, inTemplate, at }]
  }
  if (url === '' || inTemplate || (type !== 'classic' && type !== 'module')) return items
  if (type === 'classic' && isHtml(element) && isObsoleteEvent(attributes)) return items
  const integrity = attributes.get('integrity')
  const crossorigin = attributes.get('crossorigin')
  return [...items, { kind: 'script', type, url, integrity, crossorigin, nonce, nomodule, at }]
}

export function readMeta(
  attributes: Attributes,
  at: Position,
  inHead: boolean,
  endOffset: number,
): PageItem[] {
  if (attributes.has('charset')) return [{ kind: 'charset', endOffset, at }]
  const content = attributes.get('content') ?? ''
  switch (attributes.get('http-equiv')?.toLowerCase()) {
    case 'content-security-policy':
      return content === '' ? [] : [{ kind: 'policy', content, inHead, at }]
    case 'content-type':
      return /charset\s*=/i.test(content) ? [{ kind: 'charset', endOffset, at }] : []
    default:
      return []
  }
}

function readLink(attributes: Attributes, at: Position): PageItem[] {
  const url = attributes.get('href')
  const rels = (attributes.get('rel') ?? '').toLowerCase().split(/\s+/)
  if (!url || attributes.has('disabled')) return []
  const items: PageItem[] = []
  for (const rel of rels) {
    if (rel === 'stylesheet' || rel === 'modulepreload' || rel === 'preload') {
      if (rel === 'stylesheet' && !/^(text\/css)?$/i.test(attributes.get('type') ?? '')) continue
      items.push({
        kind: 'link',
        rel,
        url,
        as: attributes.get('as')?.toLowerCase() ?? '',
        integrity: attributes.get('integrity'),
        crossorigin: attributes.get('crossorigin'),
        nonce: attributes.get('nonce'),
        at,
      })
    } else if (rel === 'icon' || rel === 'apple-touch-icon') {
      items.push({ kind: 'load', directive: 'img-src', url, at })
    } else if (rel === 'manifest') {
      items.push({ kind: 'load', directive: 'manifest-src', url, at })
    }
  }
  return items
}

function readFrame(attributes: Attributes, at: Position, readSrcdoc: Srcdoc): PageItem[] {
  const srcdoc = attributes.get('srcdoc')
  const sandbox = attributes.get('sandbox')?.toLowerCase().split(/\s+/)
  if (srcdoc !== undefined) {
    if (sandbox !== undefined && !sandbox.includes('allow-scripts')) return []
    return [{ kind: 'srcdoc', items: readSrcdoc(srcdoc, at), inTemplate: false, at }]
  }
  const url = attributes.get('src')
  return url ? [{ kind: 'load', directive: 'frame-src', url, at }] : []
}

/** Maps element and attribute to the directive that governs the URL in the attribute. */
const loads: Readonly<Record<string, Readonly<Record<string, LoadDirective>>>> = {
  img: { src: 'img-src' },
  image: { href: 'img-src', 'xlink:href': 'img-src' },
  input: { src: 'img-src' },
  video: { src: 'media-src', poster: 'img-src' },
  audio: { src: 'media-src' },
  source: { src: 'media-src' },
  track: { src: 'media-src' },
  object: { data: 'object-src' },
  embed: { src: 'object-src' },
  form: { action: 'form-action' },
  button: { formaction: 'form-action' },
}

function readLoads(element: Tree.Element, attributes: Attributes, at: Position): PageItem[] {
  const items: PageItem[] = []
  for (const [name, directive] of Object.entries(loads[element.tagName] ?? {})) {
    const url = attributes.get(name)
    if (url && !isJavascript(url)) items.push({ kind: 'load', directive, url, at })
  }
  if (element.tagName === 'img' || element.tagName === 'source') {
    for (const url of srcsetUrls(attributes.get('srcset') ?? '')) {
      items.push({ kind: 'load', directive: 'img-src', url, at })
    }
  }
  return items
}

/** @see https://html.spec.whatwg.org/multipage/images.html#parse-a-srcset-attribute */
function srcsetUrls(srcset: string): string[] {
  return [...srcset.matchAll(/[\s,]*(\S*[^\s,])(?:\s+[^,]*)?(?:,|$)/g)].flatMap((match) => match[1] ?? [])
}

/** Browsers ignore tabs and newlines in a URL, and control characters and spaces before it. */
function withoutSkipped(url: string): string {
  return url.replace(/[\t\n\r]|^[\0-\x20]+/g, '')
}

function isJavascript(url: string): boolean {
  return /^javascript:/i.test(withoutSkipped(url))
}

const navigations = new Set(['href', 'xlink:href', 'action', 'formaction', 'src'])

function readAttributes(element: Tree.Element, attributes: Attributes, at: Position): PageItem[] {
  const items: PageItem[] = []
  for (const [name, value] of attributes) {
    const located = element.sourceCodeLocation?.attrs?.[name]
    const place: Position = located === undefined ? at : { line: located.startLine, column: located.startCol }
    if (/^on[a-z]+$/.test(name)) items.push({ kind: 'handler', name, text: value, at: place })
    else if (name === 'style') items.push({ kind: 'style-attribute', text: value, at: place })
    else if (navigations.has(name) && canNavigate(element.tagName) && isJavascript(value)) {
      items.push({ kind: 'javascript-url', text: withoutSkipped(value), at: place })
    }
  }
  return items
}

function canNavigate(tagName: string): boolean {
  return ['a', 'area', 'form', 'button', 'input', 'iframe', 'frame'].includes(tagName)
}
