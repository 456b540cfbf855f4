import { Token } from 'parse5'
import { StepParser } from './step-parser.ts'
import type { ScanNode } from './tree.ts'

/** The parser over a tree of elements alone: it takes note of where they begin and end, and of the text of a few. */
export class ScanParser extends StepParser {
  /** Offset behind the doctype. */
  doctypeEnd = 0

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
