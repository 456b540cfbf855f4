import { MagicString } from 'magic-string'

/** The module that Vite's dynamic imports call to preload what a chunk needs. */
export const PRELOAD_HELPER = /^\0vite\/preload-helper/

const NEEDLE = 'document.head.appendChild(link)'

/**
 * Import maps do not reach stylesheets, so the helper looks up their integrity in the page's import map itself.
 * The map may name URLs relative to the document: they are compared after both are resolved.
 */
const LOOK_UP = `
let pins
function pinOf(url) {
  if (!pins) {
    pins = {}
    const map = document.querySelector('script[type=importmap]')
    const integrity = map ? JSON.parse(map.textContent).integrity : {}
    for (const key in integrity) pins[new URL(key, document.baseURI).href] = integrity[key]
  }
  return pins[url] || ''
}
`

export interface TransformedHelper {
  readonly code: string
  readonly map: ReturnType<MagicString['generateMap']>
}

/**
 * Gives the stylesheets that the helper links their integrity. This happens before chunks are hashed and named, so a
 * name never lies about its content. `undefined` if the helper does not look as expected.
 */
export function transformPreloadHelper(code: string): TransformedHelper | undefined {
  const at = code.indexOf(NEEDLE)
  if (at === -1 || code.includes(NEEDLE, at + 1)) return undefined
  const text = new MagicString(code)
  text.appendLeft(at, "if (link.rel === 'stylesheet') link.integrity = pinOf(link.href);\n")
  text.append(LOOK_UP)
  return { code: text.toString(), map: text.generateMap({ hires: 'boundary' }) }
}
