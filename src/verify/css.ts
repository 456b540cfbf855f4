/** A URL that a stylesheet loads, with the CSP directive that governs the request. */
export interface StyleReference {
  readonly directive: 'img-src' | 'font-src' | 'style-src-elem'
  readonly url: string
}

const comments = /\/\*[^]*?\*\//g
const fontFaces = /@font-face\s*\{[^}]*\}/gi
const imports = /@import\s+(?:url\(\s*)?(["']?)([^"')\s;]+)\1/gi
const namespaces = /@namespace[^;]*;/gi
const urls = /\burl\(\s*(?:"([^"]*)"|'([^']*)'|([^"')\s]*))\s*\)/gi

function urlsOf(css: string, directive: StyleReference['directive']): StyleReference[] {
  return [...css.matchAll(urls)].flatMap((match) => {
    const url = match[1] ?? match[2] ?? match[3] ?? ''
    // A URL that is only a fragment refers to an element of the page and loads nothing.
    return url === '' || url.startsWith('#') ? [] : [{ directive, url }]
  })
}

/** Extracts the URLs of a stylesheet or a style attribute. Backgrounds, cursors and masks all count as images. */
export function readStyleReferences(css: string): StyleReference[] {
  const plain = css.replaceAll(comments, '').replaceAll(namespaces, '')
  const imported = [...plain.matchAll(imports)].flatMap((match): StyleReference[] =>
    match[2] === undefined ? [] : [{ directive: 'style-src-elem', url: match[2] }],
  )
  const faces = plain.match(fontFaces)?.join('\n') ?? ''
  const rest = plain.replaceAll(imports, '').replaceAll(fontFaces, '')
  return [...imported, ...urlsOf(faces, 'font-src'), ...urlsOf(rest, 'img-src')]
}
