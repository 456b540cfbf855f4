import { html as spec, Token } from 'parse5'
import { attributeName, isHarmlessStart, type TagName, TAGS } from './names.ts'

const TAB = 0x09
const LINE_FEED = 0x0a
const FORM_FEED = 0x0c
const CARRIAGE_RETURN = 0x0d
const SPACE = 0x20
const QUOTATION_MARK = 0x22
const APOSTROPHE = 0x27
const SOLIDUS = 0x2f
const EQUALS_SIGN = 0x3d
const GREATER_THAN = 0x3e

/** HTML white space as the tokenizer sees it: CR counts as a newline. */
export function isWhitespace(code: number): boolean {
  return (
    code === SPACE || code === LINE_FEED || code === TAB || code === CARRIAGE_RETURN || code === FORM_FEED
  )
}

export function isLetter(code: number): boolean {
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x7a
}

/** Character references whose end can be found without a table. */
const REFERENCES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const REFERENCE = /&(amp|lt|gt|quot|apos);/g
const OTHER_REFERENCE = /&(?!(?:amp|lt|gt|quot|apos);)[0-9A-Za-z#]/

/** The start and end of a tag's token. Lines and columns are not used. */
class TagLocation implements Token.LocationWithAttributes {
  readonly startLine = -1
  readonly startCol = -1
  readonly endLine = -1
  readonly endCol = -1

  startOffset = -1
  endOffset = -1
}

/** Tags with more attributes are left to parse5: the search for duplicates here takes quadratic time. */
const MANY = 64

/** Shared by most tags. Must not be modified: elements that can get attributes later are {@link WHOLE}. */
const NONE: Token.Attribute[] = []

class TagTokenOnLoan implements Token.TagToken {
  tagName = ''
  tagID = spec.TAG_ID.UNKNOWN
  selfClosing = false
  ackSelfClosing = false
  attrs: Token.Attribute[] = NONE
  readonly location = new TagLocation()

  constructor(readonly type: Token.TokenType.START_TAG | Token.TokenType.END_TAG) {}
}

/**
 * Reads whole tags that are written in an ordinary way, which are nearly all. Returns `undefined` for any unusual
 * syntax: parse5's tokenizer then reads that tag from the start. The text must not contain U+0000.
 * @see https://html.spec.whatwg.org/multipage/parsing.html#tag-open-state
 */
export class TagReader {
  /** Offset after the last tag read. */
  end = 0
  private readonly start = new TagTokenOnLoan(Token.TokenType.START_TAG)
  private readonly close = new TagTokenOnLoan(Token.TokenType.END_TAG)
  private selfClosing = false

  constructor(private readonly html: string) {}

  /**
   * Reads the start tag at `start`, where the text has `<` and a letter. The token is reused: use it before
   * reading the next.
   */
  startTag(start: number): Token.TagToken | undefined {
    const nameEnd = this.nameEnd(start + 1)
    if (nameEnd < 0) return undefined
    const known = this.tagName(start + 1, nameEnd)
    const attrs = known?.whole ? [] : undefined
    const end = this.attributes(nameEnd, attrs ? 'all' : 'some', attrs)
    if (end < 0) return undefined
    this.end = end
    // The parser keeps references only to the tags of formatting elements.
    const token = known?.formatting ? new TagTokenOnLoan(Token.TokenType.START_TAG) : this.start
    token.tagName = known?.name ?? this.html.slice(start + 1, nameEnd).toLowerCase()
    token.tagID = known?.id ?? spec.TAG_ID.UNKNOWN
    token.selfClosing = this.selfClosing
    token.ackSelfClosing = false
    token.attrs = this.kept
    token.location.startOffset = start
    token.location.endOffset = end
    return token
  }

  /**
   * Reads the element whose start tag is at `start` if it leaves no trace: it contains only text and has no
   * relevant attribute. Sets {@link end} to the offset after its end tag.
   */
  passing(start: number): TagName | undefined {
    const { html } = this
    const nameEnd = this.nameEnd(start + 1)
    const known = nameEnd < 0 ? undefined : TAGS.find(html, start + 1, nameEnd)
    if (!known?.passing) return undefined
    this.link = known.id === spec.TAG_ID.A
    const startTagEnd = this.attributes(nameEnd, 'idle')
    if (startTagEnd < 0) return undefined
    const close = html.indexOf('<', startTagEnd)
    const closeEnd = close + 2 + known.name.length
    if (html.charCodeAt(close + 1) !== SOLIDUS || html.charCodeAt(closeEnd) !== GREATER_THAN) return undefined
    if (!html.startsWith(known.name, close + 2)) return undefined
    this.end = closeEnd + 1
    return known
  }

  /**
   * Reads the end tag at `start`, where the text has `</` and a letter. The token is reused: use it before reading
   * the next.
   */
  endTag(start: number, expected?: string, id?: spec.TAG_ID): Token.TagToken | undefined {
    const { html, close } = this
    const expectedEnd = expected === undefined ? -1 : start + 2 + expected.length
    if (
      expected !== undefined &&
      html.charCodeAt(expectedEnd) === GREATER_THAN &&
      html.startsWith(expected, start + 2)
    ) {
      this.end = expectedEnd + 1
      this.selfClosing = false
      close.tagName = expected
      close.tagID = id ?? spec.TAG_ID.UNKNOWN
    } else {
      const nameEnd = this.nameEnd(start + 2)
      if (nameEnd < 0) return undefined
      const end = this.attributes(nameEnd, 'none')
      if (end < 0) return undefined
      this.end = end
      const known = this.tagName(start + 2, nameEnd)
      close.tagName = known?.name ?? html.slice(start + 2, nameEnd).toLowerCase()
      close.tagID = known?.id ?? spec.TAG_ID.UNKNOWN
    }
    close.selfClosing = this.selfClosing
    close.location.startOffset = start
    close.location.endOffset = this.end
    return close
  }

  private tagName(start: number, end: number): TagName | undefined {
    const known = TAGS.find(this.html, start, end)
    if (known) return known
    const written = this.html.slice(start, end)
    const lower = written.toLowerCase()
    return lower === written ? undefined : TAGS.find(lower, 0, lower.length)
  }

  private nameEnd(start: number): number {
    const { html } = this
    for (let at = start; at < html.length; at++) {
      const code = html.charCodeAt(at)
      if (code === GREATER_THAN || code === SOLIDUS || isWhitespace(code)) return at
      if (code > 0x7f) return -1
    }
    return -1
  }

  private afterWhitespace(start: number): number {
    let at = start
    while (isWhitespace(this.html.charCodeAt(at))) at++
    return at
  }

  private kept: Token.Attribute[] = NONE

  /** Reads attributes up to the end of the tag and returns the offset after it, or -1. */
  private attributes(start: number, keep: 'all' | 'some' | 'none' | 'idle', all?: Token.Attribute[]): number {
    const { html } = this
    this.kept = all ?? NONE
    this.selfClosing = false
    let at = start
    for (;;) {
      at = this.afterWhitespace(at)
      const code = html.charCodeAt(at)
      if (code === GREATER_THAN) return at + 1
      if (code === SOLIDUS) {
        at++
        if (html.charCodeAt(at) === GREATER_THAN) {
          this.selfClosing = true
          return at + 1
        }
        continue
      }
      const nameStart = at
      const nameEnd = this.attributeNameEnd(at)
      if (nameEnd < 0) return -1
      at = this.value(nameEnd)
      if (at < 0) return -1
      if (keep === 'none') continue
      const fine =
        keep === 'idle' ? this.idle(nameStart, nameEnd) : this.keep(nameStart, nameEnd, keep === 'all')
      if (!fine) return -1
    }
  }

  private link = false

  /** Whether the last attribute read can be ignored. */
  private idle(nameStart: number, nameEnd: number): boolean {
    const { html, valueStart, valueEnd } = this
    if (attributeName(html, nameStart, nameEnd).idle) return true
    if (!this.link || !html.startsWith('href', nameStart) || nameEnd !== nameStart + 4) return false
    return valueStart < valueEnd && isHarmlessStart(html.charCodeAt(valueStart))
  }

  /** Adds the last attribute read. Returns false if its value is too complex to decode here. */
  private keep(nameStart: number, nameEnd: number, always: boolean): boolean {
    const known = attributeName(this.html, nameStart, nameEnd)
    if (known.idle && !always) return true
    const value = this.decoded()
    if (value === undefined) return false
    const name = known.name || this.html.slice(nameStart, nameEnd).toLowerCase()
    if (this.kept === NONE) this.kept = []
    if (this.kept.length === MANY) return false
    for (const other of this.kept) if (other.name === name) return true
    this.kept.push({ name, value })
    return true
  }

  private attributeNameEnd(start: number): number {
    const { html } = this
    for (let at = start; at < html.length; at++) {
      const code = html.charCodeAt(at)
      if (code === EQUALS_SIGN) return at === start ? -1 : at
      if (code === GREATER_THAN || code === SOLIDUS || isWhitespace(code)) return at
      if (code > 0x7f) return -1
    }
    return -1
  }

  private valueStart = 0
  private valueEnd = 0

  /** Finds the value of the attribute whose name ends at `nameEnd`. Returns the offset after the value, or -1. */
  private value(nameEnd: number): number {
    const { html } = this
    let at = this.afterWhitespace(nameEnd)
    this.valueStart = this.valueEnd = 0
    if (html.charCodeAt(at) !== EQUALS_SIGN) return at
    at = this.afterWhitespace(at + 1)
    const code = html.charCodeAt(at)
    if (code === GREATER_THAN) return at
    if (code === QUOTATION_MARK || code === APOSTROPHE) {
      this.valueStart = at + 1
      this.valueEnd = html.indexOf(code === QUOTATION_MARK ? '"' : "'", at + 1)
      return this.valueEnd < 0 ? -1 : this.valueEnd + 1
    }
    this.valueStart = at
    while (at < html.length) {
      const one = html.charCodeAt(at)
      if (one === GREATER_THAN || isWhitespace(one)) break
      at++
    }
    this.valueEnd = at
    return at < html.length ? at : -1
  }

  private decoded(): string | undefined {
    const value = this.html.slice(this.valueStart, this.valueEnd)
    if (value.includes('\r')) return undefined
    if (!value.includes('&')) return value
    if (OTHER_REFERENCE.test(value)) return undefined
    return value.replace(REFERENCE, (_, name: string) => REFERENCES[name] ?? '')
  }
}
