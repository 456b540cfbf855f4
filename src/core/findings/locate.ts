import type { FindingPlace } from './index.ts'
import type { ScannedPage, Site } from '../site/model.ts'

const ATTRIBUTE =
  /[\t\n\f\r /]+([^\t\n\f\r =>/]+)(?:[\t\n\f\r ]*=[\t\n\f\r ]*(?:"[^"]*"|'[^']*'|[^\t\n\f\r >]*))?/y
const TAG_NAME = /<[a-z][^\t\n\f\r />]*/iy

/** Visits the attributes of a start tag and returns the offset of the end of the tag. */
function walkTag(source: string, offset: number, visit: (name: string, at: number) => void): number {
  TAG_NAME.lastIndex = offset
  if (!TAG_NAME.test(source)) return offset
  let end = TAG_NAME.lastIndex
  for (;;) {
    ATTRIBUTE.lastIndex = end
    const match = ATTRIBUTE.exec(source)
    if (!match) return source.indexOf('>', end) + 1 || source.length
    end = ATTRIBUTE.lastIndex
    const name = match[1] ?? ''
    visit(name.toLowerCase(), match.index + match[0].indexOf(name))
  }
}

/** Offset of an attribute of the start tag at `offset`; `offset` itself if the tag has no attribute of that name. */
export function attributeAt(source: string, offset: number, name: string): number {
  let found = offset
  walkTag(source, offset, (attribute, at) => {
    if (attribute === name && found === offset) found = at
  })
  return found
}

/** The text of the start tag at an offset. */
export function startTagAt(source: string, offset: number): string {
  return source.slice(
    offset,
    walkTag(source, offset, () => {}),
  )
}

/**
 * The place to show to the user: the tag in their own source file if its text occurs there exactly once, otherwise
 * the tag in the emitted page.
 */
export function pagePlace(
  site: Pick<Site, 'source'>,
  page: ScannedPage,
  offset: number,
  name?: string,
): FindingPlace {
  const tag = startTagAt(page.source, offset)
  const own = tag === '' ? undefined : site.source?.(page.path)
  const at = own?.text.indexOf(tag) ?? -1
  const place =
    own && at !== -1 && !own.text.includes(tag, at + 1)
      ? { file: own.file, source: own.text, offset: at }
      : { file: page.path, source: page.source, offset }
  return name === undefined ? place : { ...place, offset: attributeAt(place.source, place.offset, name) }
}
