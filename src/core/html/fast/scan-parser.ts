import { html as spec, InsertionMode, Token } from 'parse5'
import { StepParser } from './step-parser.ts'
import type { ScanNode } from './tree.ts'

const { TAG_ID } = spec

/** Elements that may stand inside a `<select>` under its older rules, or that close it. */
const IN_OLD_SELECT: ReadonlySet<spec.TAG_ID> = new Set([
  TAG_ID.HTML,
  TAG_ID.OPTION,
  TAG_ID.OPTGROUP,
  TAG_ID.HR,
  TAG_ID.INPUT,
  TAG_ID.KEYGEN,
  TAG_ID.TEXTAREA,
  TAG_ID.SCRIPT,
  TAG_ID.TEMPLATE,
])

/**
 * Replaces the name `select` where the newer rules apply: they treat it like any other element. No real element
 * has this name.
 */
export const OPEN_SELECT = 'open-select'

/**
 * A parser that builds a tree of elements only: it records where they begin and end, and the text of a few of
 * them.
 */
export class ScanParser extends StepParser {
  /** Offset after the doctype. */
  doctypeEnd = 0
  /** Whether tags inside a `<select>` were dropped that browsers with the newer rules keep. */
  droppedInSelect = false

  /**
   * @param openSelects parse the content of `<select>` like that of any other element, as browsers with a stylable
   * `<select>` do; parse5 implements the older rules, under which most tags inside are dropped
   */
  constructor(
    html: string,
    private readonly openSelects = false,
  ) {
    super(html)
  }

  override onStartTag(token: Token.TagToken): void {
    this.openSelect(token)
    const { insertionMode: mode } = this
    if (mode === InsertionMode.IN_SELECT || mode === InsertionMode.IN_SELECT_IN_TABLE)
      this.droppedInSelect ||= !IN_OLD_SELECT.has(token.tagID)
    super.onStartTag(token)
  }

  override onEndTag(token: Token.TagToken): void {
    this.openSelect(token)
    super.onEndTag(token)
  }

  private openSelect(token: Token.TagToken): void {
    if (!this.openSelects || token.tagID !== TAG_ID.SELECT) return
    token.tagName = OPEN_SELECT
    token.tagID = TAG_ID.UNKNOWN
  }

  override _setDocumentType(token: Token.DoctypeToken): void {
    this.doctypeEnd = token.location?.endOffset ?? 0
  }

  override _attachElementToTree(
    element: ScanNode,
    location: Token.LocationWithAttributes | null,
    place: { parent: ScanNode; beforeElement: ScanNode | null },
  ): void {
    if (location) {
      const { sight } = element
      element.start = location.startOffset
      if (sight) sight.startTagEnd = sight.end = location.endOffset
    }
    if (place.beforeElement) this.tree.insertBefore(place.parent, element, place.beforeElement)
    else this.tree.appendChild(place.parent, element)
  }

  override _setEndLocation({ start, sight, tagName }: ScanNode, closing: Token.Token): void {
    if (!sight || start < 0 || !closing.location) return
    if (closing.type === Token.TokenType.END_TAG && closing.tagName === tagName) {
      sight.endTagStart = closing.location.startOffset
      sight.end = closing.location.endOffset
    } else sight.end = closing.location.startOffset
  }

  override _insertCharacters(token: Token.CharacterToken): void {
    const sight = this.openElements.current?.sight
    if (sight && this.takesText()) sight.text += token.chars
  }

  override _appendCommentNode(): void {}

  override _findFosterParentingLocation(): { parent: ScanNode; beforeElement: ScanNode | null } {
    this.tree.moved = true
    // eslint-disable-next-line no-underscore-dangle -- the name is parse5's
    return super._findFosterParentingLocation()
  }
}
