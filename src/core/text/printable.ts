/**
 * Characters that a terminal interprets instead of showing, or that hide or reorder text: controls, format
 * characters, lone surrogates.
 */
const UNSHOWN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

const escapeOf = (character: string): string =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')

/**
 * Escapes text for a terminal. Parts of the text come from file names, pages and servers; they must not move the
 * cursor or disguise themselves. JSON remains equivalent, because these characters occur only in its strings.
 */
export const printable = (text: string): string => text.replace(UNSHOWN, escapeOf)

/** As above, for text that must stay on one line, such as a name. */
export const printableLine = (text: string): string => printable(text).replaceAll('\n', '\\n')
