import { html as spec, type Token } from 'parse5'
import { OURS } from '../collector.ts'

const { TAG_NAMES: T } = spec

const SPACE = 0x20
const SMALL_J = 0x6a
const AMPERSAND = 0x26

export interface KnownName {
  readonly name: string
}

/** A set of known names that can be looked up by a range of a text, without creating a substring. */
export class NameTable<Name extends KnownName> {
  private readonly slots: Name[][] = Array.from({ length: 512 }, () => [])

  constructor(names: Iterable<Name>) {
    for (const name of names) {
      const { length } = name.name
      const first = name.name.charCodeAt(0)
      this.slots[this.slot(first, name.name.charCodeAt(length - 1), length)]?.push(name)
    }
  }

  private slot(first: number, last: number, length: number): number {
    return (first * 7 + last * 31 + length * 67) & 511
  }

  find(text: string, start: number, end: number): Name | undefined {
    const candidates = this.slots[this.slot(text.charCodeAt(start), text.charCodeAt(end - 1), end - start)]
    if (!candidates) return undefined
    for (const one of candidates)
      if (one.name.length === end - start && text.startsWith(one.name, start)) return one
    return undefined
  }
}

export interface TagName extends KnownName {
  readonly id: spec.TAG_ID
  /**
   * Whether every attribute must be kept: the tree construction reads it, or the element is reported with all of
   * them.
   */
  readonly whole: boolean
  /** Whether the parser keeps the tag in order to reopen the element. */
  readonly formatting: boolean
  /** Whether a closed element leaves no trace if it contains only text and has no relevant attribute. */
  readonly passing: boolean
}

const FORMATTING: readonly string[] = 'a b big code em font i nobr s small strike strong tt u'.split(' ')

/** Elements that the tree construction opens and closes without side effects in ordinary content. */
const PASSING: ReadonlySet<string> = new Set([
  ...'abbr bdi bdo cite data del dfn ins kbd label mark output q samp span sub sup time var'.split(' '),
  // For `nobr`, it searches for an open `nobr`.
  ...FORMATTING.filter((name) => name !== T.NOBR),
])

/**
 * Elements reported with all their attributes, and elements whose attributes influence where other elements end
 * up: the list of formatting elements drops the fourth element with the same attributes.
 */
const WHOLE: ReadonlySet<string> = new Set([
  ...'script style link meta base iframe template html head body input annotation-xml'.split(' '),
  ...FORMATTING,
])

export const TAGS = new NameTable<TagName>(
  Object.values(T).map((name) => ({
    name,
    id: spec.getTagID(name),
    whole: WHOLE.has(name),
    formatting: FORMATTING.includes(name),
    passing: PASSING.has(name),
  })),
)

export interface AttributeName extends KnownName {
  readonly idle: boolean
}

/** Attributes that neither a policy nor a parser rule depends on. Unknown names are kept. */
const IDLE =
  'class id role title alt lang dir width height align valign colspan rowspan scope headers tabindex target name rel ' +
  'border cellpadding cellspacing summary for placeholder loading decoding draggable hidden d fill stroke viewbox'

/** Frequent attributes, listed so that their names need not be cut out of the text. */
const COMMON = 'href src srcset style type content value charset media async defer crossorigin integrity'

const ATTRIBUTES = new NameTable<AttributeName>([
  ...IDLE.split(' ').map((name) => ({ name, idle: true })),
  ...COMMON.split(' ').map((name) => ({ name, idle: false })),
])

const KEPT: AttributeName = { name: '', idle: false }
const DROPPED: AttributeName = { name: '', idle: true }

export function attributeName(html: string, start: number, end: number): AttributeName {
  const known = ATTRIBUTES.find(html, start, end)
  if (known) return known
  if (html.startsWith('aria-', start)) return DROPPED
  if (html.startsWith('data-', start) && !html.startsWith(OURS, start)) return DROPPED
  return KEPT
}

/**
 * Whether a URL with this first character is certainly not a `javascript:` URL. Those may begin with controls and
 * spaces, and a character reference may stand for any character.
 */
export function isHarmlessStart(first: number): boolean {
  return first > SPACE && (first | 0x20) !== SMALL_J && first !== AMPERSAND
}

/** Whether a policy may concern an element because of its attributes. */
export function isNoteworthy(tag: string, attrs: readonly Token.Attribute[]): boolean {
  const link = tag === T.A
  for (const { name, value } of attrs) {
    if (link && name === 'href' && isHarmlessStart(value.charCodeAt(0))) continue
    if (!attributeName(name, 0, name.length).idle) return true
  }
  return false
}
