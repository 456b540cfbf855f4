/**
 * The offsets of a word in a text. Fastest for words of at most six characters that begin with a rare one: the
 * engine then searches for that character only.
 */
export function placesOf(text: string, word: string): Iterable<number> {
  const first = text.indexOf(word)
  // Most words do not occur in most scripts, and creating a generator costs more than searching a short script.
  return first === -1 ? [] : placesFrom(text, word, first)
}

function* placesFrom(text: string, word: string, first: number): Generator<number> {
  for (let at = first; at !== -1; at = text.indexOf(word, at + 1)) yield at
}

interface Match {
  readonly match: RegExpExecArray
  readonly at: number
}

/** Matches of a pattern that contain a word. No match may be longer than `reach`. */
export function matchesAround(text: string, word: string, pattern: RegExp, reach = 60): Iterable<Match> {
  const first = text.indexOf(word)
  return first === -1 ? [] : matchesIn(text, placesFrom(text, word, first), pattern, reach)
}

function* matchesIn(
  text: string,
  places: Iterable<number>,
  pattern: RegExp,
  reach: number,
): Generator<Match> {
  for (const place of places) {
    const from = Math.max(0, place - reach)
    for (const match of text.slice(from, place + reach).matchAll(pattern)) {
      const at = from + match.index
      if (at <= place && place < at + match[0].length) yield { match, at }
    }
  }
}
