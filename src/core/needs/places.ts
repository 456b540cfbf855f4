/**
 * Where a word stands in a text. Words of at most six characters that begin with a rare one are found fastest: the
 * engine then looks for that character alone.
 */
export function* placesOf(text: string, word: string): Generator<number> {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) yield at
}

/** Matches of a pattern that contain a word, where each is shorter than the reach. */
export function* matchesAround(
  text: string,
  word: string,
  pattern: RegExp,
  reach = 60,
): Generator<{ readonly match: RegExpExecArray; readonly at: number }> {
  for (const place of placesOf(text, word)) {
    const from = Math.max(0, place - reach)
    for (const match of text.slice(from, place + reach).matchAll(pattern)) {
      const at = from + match.index
      if (at <= place && place < at + match[0].length) yield { match, at }
    }
  }
}
