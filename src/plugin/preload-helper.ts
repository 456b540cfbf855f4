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
  /** No line moves, so the map of the module stays good. */
  readonly map: null
}

/**
 * Gives the stylesheets that the helper links their integrity. This happens before chunks are hashed and named, so a
 * name never lies about its content. `undefined` if the helper does not look as expected.
 */
export function transformPreloadHelper(code: string): TransformedHelper | undefined {
  const at = code.indexOf(NEEDLE)
  if (at === -1 || code.includes(NEEDLE, at + 1)) return undefined
  const pinned = `${code.slice(0, at)}if (link.rel === 'stylesheet') link.integrity = pinOf(link.href); ${code.slice(at)}`
  return { code: pinned + LOOK_UP, map: null }
}
