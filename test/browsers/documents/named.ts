/** A document in which each script says by its first bytes, or by its URL, which one it is. */
export interface Named {
  readonly html: string
  /** Number of names given from `first` on. */
  readonly next: number
}

/**
 * Puts a comment with a number behind whatever may be the start tag of a script, in whichever context it stands, and
 * a number into each URL that is waiting for one. Escaped start tags (in `srcdoc`) are start tags one level down.
 */
export function nameScripts(source: string, first: number): Named {
  let next = first
  const html = source
    .replaceAll(/(<script\b[^<>]*?)(\/?>)/gi, (all, tag: string, end: string) =>
      // The comment of a self-closing script, or of one with a URL, would be text of the page.
      end === '/>' || tag.includes('#') ? all : `${all}/*s${next++}*/`,
    )
    .replaceAll('/x/#.js', () => `/x/s${next++}.js`)
  return { html, next }
}

/** The name of an inline script, by the beginning of its text. */
export const nameOfText = (text: string): string | undefined => /^\/\*(s\d+)\*\//.exec(text)?.[1]

/** The name of an external script, by its URL. */
export const nameOfUrl = (url: string): string | undefined => /\/x\/(s\d+)\.js/.exec(url)?.[1]
