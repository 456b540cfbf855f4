/** What a terminal obeys instead of showing, and what hides or reorders text: controls, formats, lone surrogates. */
const UNSHOWN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

const escapeOf = (character: string): string =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')

/**
 * Text for a terminal. File names, pages and servers supply parts of it, which must neither move the cursor nor look like
 * something else. JSON stays the same JSON: these characters can only stand in its strings.
 */
export const printable = (text: string): string => text.replace(UNSHOWN, escapeOf)

/** The same for text that must not begin a line of its own, such as a name. */
export const printableLine = (text: string): string => printable(text).replaceAll('\n', '\\n')
