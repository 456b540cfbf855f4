import { InsertionMode, Parser, Token, TokenizerMode } from 'parse5'
import { isLetter, isWhitespace, TagReader } from './tag-reader.ts'
import { ScanTree, type ScanTypes } from './tree.ts'

const AMPERSAND = 0x26
const LESS_THAN = 0x3c
const SOLIDUS = 0x2f
const EXCLAMATION_MARK = 0x21

/** Shared tokens: the tree construction never reads these characters and keeps no such token. */
const SOME_TEXT: Token.CharacterToken = { type: Token.TokenType.CHARACTER, chars: 'x', location: null }
const SOME_COMMENT: Token.CommentToken = { type: Token.TokenType.COMMENT, data: '', location: null }

/**
 * The tree construction of parse5 over a tree of elements only, fed with tokens that are read in large steps.
 *
 * Ordinary tags, text, comments and raw text are found by searching for the next `<` or quote. Everything else is
 * left to parse5's own tokenizer, one token at a time, so that only parse5 decides about unusual input. An inline
 * element that contains only text and has no relevant attribute is skipped as a whole if opening and closing it
 * would leave the state of the tree construction unchanged.
 *
 * This relies on internals of parse5; test/scan/parse5.test.ts checks each of them:
 * - `Tokenizer`: `pause` takes effect after the token being emitted and `resume` goes on from there; `active` ends with
 *   the input; `preprocessor.pos` is the last unit consumed and may be set between tokens; `lastStartTagName`, `state`,
 *   `inForeignNode`; `preprocessor.bufferWaterline` keeps the input, and so the offsets, in one piece.
 * - `Parser`: the handlers of tokens; `_attachElementToTree`, `_setEndLocation`, `_insertCharacters`,
 *   `_appendCommentNode`, `_setDocumentType` and `_findFosterParentingLocation` are called through `this`;
 *   `insertionMode`, `openElements.current`, `currentTagId` and `contains`, `skipNextNewLine`, `currentNotInHTML`,
 *   `currentToken`, `framesetOk`; `activeFormattingElements.newest`, whose entries other than markers have an `element`,
 *   its `token`, and an `older` one.
 *   The parser keeps a reference to a tag after the call that receives it only for formatting elements.
 */
export class StepParser extends Parser<ScanTypes> {
  readonly tree: ScanTree
  private readonly tags: TagReader

  constructor(private readonly html: string) {
    const tree = new ScanTree()
    // This makes the parser record where elements end, by calling `_setEndLocation`.
    super({ treeAdapter: tree, sourceCodeLocationInfo: true })
    this.tree = tree
    this.tags = new TagReader(html)
  }

  /** Parses the whole text. */
  run(): void {
    const { tokenizer } = this
    // parse5 replaces U+0000 by different rules in different places.
    const ordinary = !this.html.includes('\0')
    tokenizer.preprocessor.bufferWaterline = Number.POSITIVE_INFINITY
    tokenizer.pause()
    tokenizer.write(this.html, true)
    while (tokenizer.active) {
      if (ordinary) this.stride()
      tokenizer.resume()
    }
  }

  /** Reads ahead as long as the input is ordinary. */
  private stride(): void {
    while (this.tokenizer.active) {
      switch (this.tokenizer.state) {
        case TokenizerMode.DATA:
          if (!this.data()) return
          break
        case TokenizerMode.SCRIPT_DATA:
        case TokenizerMode.RAWTEXT:
        case TokenizerMode.RCDATA:
          if (!this.rawText()) return
          break
        default:
          return
      }
    }
  }

  /** Text and markup, until a start tag changes how the input is read. */
  private data(): boolean {
    const { html, tokenizer } = this
    const { preprocessor } = tokenizer
    let at = preprocessor.pos + 1
    for (;;) {
      if (html.charCodeAt(at) !== LESS_THAN) {
        const next = html.indexOf('<', at)
        if (next < 0 || !this.text(at, next)) return false
        preprocessor.pos = next - 1
        at = next
      }
      const code = html.charCodeAt(at + 1)
      if (isLetter(code)) {
        if (this.passing(at)) {
          at = this.tags.end
          preprocessor.pos = at - 1
          continue
        }
        const token = this.tags.startTag(at)
        if (!token) return false
        at = this.tags.end
        tokenizer.lastStartTagName = token.tagName
        preprocessor.pos = at - 1
        this.onStartTag(token)
        if (tokenizer.state !== TokenizerMode.DATA) return true
      } else {
        if (code === SOLIDUS && isLetter(html.charCodeAt(at + 2))) {
          const token = this.closing(at)
          if (!token) return false
          at = this.tags.end
          preprocessor.pos = at - 1
          this.onEndTag(token)
        } else {
          at = code === EXCLAMATION_MARK ? this.comment(at) : -1
          if (at < 0) return false
          preprocessor.pos = at - 1
        }
      }
    }
  }

  /** Whether text, and elements that contain only text, leave no trace at this point. */
  private get indifferent(): boolean {
    if (this.framesetOk || this.tokenizer.inForeignNode) return false
    switch (this.insertionMode) {
      case InsertionMode.IN_BODY:
      case InsertionMode.IN_CAPTION:
      case InsertionMode.IN_CELL:
        break
      default:
        return false
    }
    // The parser reopens formatting elements that were closed out of order.
    const { newest } = this.activeFormattingElements
    if (!newest || !('element' in newest)) return true
    return newest.element === this.openElements.current || this.openElements.contains(newest.element)
  }

  /** Skips the element at `at` if it leaves no trace. */
  private passing(at: number): boolean {
    if (!this.indifferent) return false
    const known = this.tags.passing(at)
    if (!known || (known.formatting && !this.isFreeFor(known.name))) return false
    this.tokenizer.lastStartTagName = known.name
    return true
  }

  /** Whether one more formatting element closes or drops no other: the fourth of its kind and a link in a link do. */
  private isFreeFor(tag: string): boolean {
    let entry = this.activeFormattingElements.newest
    for (let count = 0; entry && 'element' in entry; count++, entry = entry.older)
      if (count === 2 || (tag === 'a' && entry.token.tagName === tag)) return false
    return true
  }

  /** The end tag at `at`, which is usually that of the current element. */
  private closing(at: number): Token.TagToken | undefined {
    // SVG element names have capitals, but tag names in tokens are lower case.
    if (this.currentNotInHTML) return this.tags.endTag(at)
    const { current, currentTagId } = this.openElements
    return this.tags.endTag(at, current?.tagName, currentTagId)
  }

  /**
   * Emits a run of text. The tree construction distinguishes white space from other text. Where it acts only on
   * the first other text, a run that contains some counts as such; elsewhere the tokenizer has to split the run.
   */
  private text(start: number, end: number): boolean {
    if (this.indifferent) return true
    const { html } = this
    let at = start
    while (at < end && isWhitespace(html.charCodeAt(at))) at++
    if (at === end) {
      const chars = this.skipNextNewLine ? html.slice(start, end).replaceAll(/\r\n?/g, '\n') : ' '
      if (this.takesText()) return false
      this.onWhitespaceCharacter({ type: Token.TokenType.WHITESPACE_CHARACTER, chars, location: null })
      return true
    }
    if (html.charCodeAt(at) === AMPERSAND && mayBeWhitespace(html, at)) return false
    if (!this.tokenizer.inForeignNode) {
      switch (this.insertionMode) {
        case InsertionMode.IN_BODY:
        case InsertionMode.IN_CAPTION:
        case InsertionMode.IN_CELL:
        case InsertionMode.IN_TEMPLATE:
        case InsertionMode.IN_SELECT:
          break
        default:
          return false
      }
    }
    if (this.takesText()) return false
    this.onCharacter(SOME_TEXT)
    return true
  }

  /** Whether the text of the current element is kept. In HTML this text is raw; in SVG it is not. */
  protected takesText(): boolean {
    const tag = this.openElements.current?.tagName
    return tag === 'script' || tag === 'style'
  }

  /** @see https://html.spec.whatwg.org/multipage/parsing.html#comment-start-state */
  private comment(start: number): number {
    const { html } = this
    if (!html.startsWith('--', start + 2)) return -1
    // `<!-->` and `<!--->` are comments too.
    const close = html.indexOf('-->', start + 2)
    if (close < 0) return -1
    if (html.slice(start + 4, close).includes('--!>')) return -1
    this.onComment(SOME_COMMENT)
    return close + 3
  }

  /** Reads the text of the element that was just opened, and its end tag. */
  private rawText(): boolean {
    const { html, tokenizer } = this
    const start = tokenizer.preprocessor.pos + 1
    const end = this.rawTextEnd(start, tokenizer.lastStartTagName)
    if (end < 0) return false
    const raw = html.slice(start, end)
    if (tokenizer.state === TokenizerMode.SCRIPT_DATA && raw.includes('<!--')) return false
    const token = this.closing(end)
    if (!token) return false
    if (raw && this.takesText()) {
      const chars = raw.includes('\r') ? raw.replaceAll(/\r\n?/g, '\n') : raw
      this.onCharacter({ type: Token.TokenType.CHARACTER, chars, location: null })
    }
    tokenizer.preprocessor.pos = this.tags.end - 1
    tokenizer.state = TokenizerMode.DATA
    this.onEndTag(token)
    return true
  }

  /** @see https://html.spec.whatwg.org/multipage/parsing.html#appropriate-end-tag-token */
  private rawTextEnd(start: number, name: string): number {
    const { html } = this
    let at = html.indexOf('</', start)
    while (at >= 0) {
      const nameEnd = at + 2 + name.length
      const code = html.charCodeAt(nameEnd)
      if (
        (isWhitespace(code) || code === SOLIDUS || code === 0x3e) &&
        html.slice(at + 2, nameEnd).toLowerCase() === name
      )
        return at
      at = html.indexOf('</', at + 2)
    }
    return -1
  }

  // The callbacks of parse5's tokenizer: pause after one token.

  override onStartTag(token: Token.TagToken): void {
    this.tokenizer.pause()
    super.onStartTag(token)
  }

  override onEndTag(token: Token.TagToken): void {
    this.tokenizer.pause()
    super.onEndTag(token)
  }

  override onComment(token: Token.CommentToken): void {
    this.tokenizer.pause()
    super.onComment(token)
  }

  override onDoctype(token: Token.DoctypeToken): void {
    this.tokenizer.pause()
    super.onDoctype(token)
  }

  /** Elements that are still open at the end of the input end there, not at the last tag. */
  override onEof(token: Token.EOFToken): void {
    this.currentToken = token
    super.onEof(token)
  }
}

/** Whether the character reference at `at` may be white space: a number, `&Tab;` or `&NewLine;`. */
function mayBeWhitespace(html: string, at: number): boolean {
  const next = html.charAt(at + 1)
  return next === '#' || next === 'T' || next === 'N'
}
