/** An XML element with its offsets in the text. */
export interface XmlElement {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
  readonly start: number
  /** Offset after the start tag; for an empty element (`<a/>`), after the whole element. */
  readonly contentStart: number
  /** Offset of the end tag. */
  readonly contentEnd: number
}

/** Matches comments, CDATA, processing instructions, doctypes, and tags. No two alternatives start the same way. */
const TOKEN =
  /<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>|<\?[^]*?\?>|<!DOCTYPE[^>[]*(?:\[[^\]]*\])?[^>]*>|<\/([^\s<>/]+)\s*>|<([^\s<>/!?]+)((?:[^<>"']|"[^"<]*"|'[^'<]*')*)>/gy

const ATTRIBUTE = /([^\s=/"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }
const MOST_DEPTH = 100

const decoded = (text: string): string =>
  text.replace(
    /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w+));/gi,
    (whole, hex?: string, dec?: string, name?: string) => {
      const code = hex === undefined ? Number(dec) : Number.parseInt(hex, 16)
      if (name !== undefined) return ENTITIES[name] ?? whole
      return code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole
    },
  )

interface OpenElement extends XmlElement {
  readonly children: XmlElement[]
  contentEnd: number
}

/**
 * Parses an XML text and returns its root element. Does not validate against a schema.
 * @throws {SyntaxError} with the line in its message
 */
export function parseXml(text: string): XmlElement {
  const stack: OpenElement[] = []
  let root: XmlElement | undefined
  let at = 0
  const refuse = (why: string): never => {
    throw new SyntaxError(`${why} at line ${text.slice(0, at).split('\n').length}`)
  }
  while (at < text.length) {
    const next = text.indexOf('<', at)
    const between = text.slice(at, next < 0 ? text.length : next)
    if (stack.length === 0 && /[^\s\uFEFF]/.test(between)) refuse('text outside of an element')
    if (next < 0) break
    at = TOKEN.lastIndex = next
    const token = TOKEN.exec(text)
    if (!token) return refuse('a tag or a comment that does not end')
    const [whole, closing, name, rest = ''] = token
    const end = next + whole.length
    if (closing !== undefined) {
      const open = stack.pop()
      if (open?.name !== closing) refuse(`</${closing}> without a start tag`)
      else open.contentEnd = next
    } else if (name !== undefined) {
      if (root && stack.length === 0) refuse('a second root element')
      if (stack.length > MOST_DEPTH) refuse('too many elements inside one another')
      const attributes = new Map(
        [...rest.matchAll(ATTRIBUTE)].map(([, key = '', double, single]) => [
          key,
          decoded(double ?? single ?? ''),
        ]),
      )
      const element: OpenElement = {
        name,
        attributes,
        children: [],
        start: next,
        contentStart: end,
        contentEnd: end,
      }
      stack.at(-1)?.children.push(element)
      root ??= element
      if (!rest.endsWith('/')) stack.push(element)
    }
    at = end
  }
  if (stack.length > 0 || !root)
    return refuse(root ? `<${stack.at(-1)?.name}> without an end tag` : 'no element')
  return root
}

export const childrenNamed = (element: XmlElement | undefined, name: string): readonly XmlElement[] =>
  element?.children.filter((child) => child.name === name) ?? []
