/** The module that Vite's dynamic imports call to preload the files of a chunk. */
export const PRELOAD_HELPER = /^\0vite\/preload-helper/

const NEEDLE = 'document.head.appendChild(link)'

/**
 * Import maps do not apply to stylesheets, so the helper looks up their integrity in the page's import map itself.
 * The map may contain URLs relative to the document, so both URLs are resolved before they are compared.
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
  /** The edit adds no lines, so the module's existing source map stays valid. */
  readonly map: null
}

/**
 * Adds integrity to the stylesheets that the preload helper links. This happens before chunks are hashed and
 * named, so that the hash in a file name matches its content. `undefined` if the helper does not look as expected.
 */
export function transformPreloadHelper(code: string): TransformedHelper | undefined {
  const at = code.indexOf(NEEDLE)
  if (at === -1 || code.includes(NEEDLE, at + 1)) return undefined
  const pinned = `${code.slice(0, at)}if (link.rel === 'stylesheet') link.integrity = pinOf(link.href); ${code.slice(at)}`
  return { code: pinned + LOOK_UP, map: null }
}
