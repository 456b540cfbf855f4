/** A URL in a stylesheet, with the directive that applies to it. */
export interface StyleUrl {
  readonly directive: 'img-src' | 'font-src' | 'style-src'
  readonly url: string
}

const TOKEN =
  /\/\*|@(?:font-face|import|namespace)\b|\}|image-set\(\s*(?=["'])|url\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^"')\s]*))/gi
const IMPORTED = /\s*(?:url\(\s*)?(?:"([^"]*)"|'([^']*)'|([^\s"');]+))/iy

/** Shortens a `data:` URL, which may be large: only its type matters. */
function shortened(url: string): string {
  return /^data:/i.test(url) ? url.slice(0, 40) : url
}

/**
 * The distinct URLs of a stylesheet. In `@font-face` they are fonts, in `@import` styles, elsewhere images.
 * @see https://www.w3.org/TR/css-values-4/#urls
 */
export function searchStyle(css: string): StyleUrl[] {
  const found = new Map<string, StyleUrl>()
  let inFontFace = false
  const add = (directive: StyleUrl['directive'], url: string | undefined): void => {
    if (url && !url.startsWith('#'))
      found.set(`${directive} ${shortened(url)}`, { directive, url: shortened(url) })
  }
  TOKEN.lastIndex = 0
  for (let match = TOKEN.exec(css); match; match = TOKEN.exec(css)) {
    const token = match[0].toLowerCase()
    if (token === '/*') TOKEN.lastIndex = endOf(css, '*/', TOKEN.lastIndex)
    else if (token === '}') inFontFace = false
    else if (token === '@font-face') inFontFace = true
    else if (token === '@namespace') TOKEN.lastIndex = endOf(css, ';', TOKEN.lastIndex)
    else if (token === '@import' || token.startsWith('image-set')) {
      IMPORTED.lastIndex = TOKEN.lastIndex
      const named = IMPORTED.exec(css)
      add(token === '@import' ? 'style-src' : 'img-src', named?.[1] ?? named?.[2] ?? named?.[3])
      if (named) TOKEN.lastIndex = IMPORTED.lastIndex
    } else add(inFontFace ? 'font-src' : 'img-src', match[1] ?? match[2] ?? match[3])
  }
  return [...found.values()]
}

function endOf(css: string, mark: string, from: number): number {
  const at = css.indexOf(mark, from)
  return at === -1 ? css.length : at + mark.length
}
