import { createRequire } from 'node:module'

/**
 * URLs that run code given in the URL (JSONP and the like), as listed by CSP Evaluator. Loaded only when a finding
 * has to suggest a key.
 */
function bypasses(): URL[] {
  const require = createRequire(import.meta.url)
  return ['angular', 'jsonp'].flatMap((name) => {
    const { URLS } = require(`csp_evaluator/dist/allowlist_bypasses/${name}.js`) as {
      URLS: readonly string[]
    }
    return URLS.map((url) => new URL(url, 'https://x'))
  })
}

/** A path that contains a package name and version: only that package's authors can publish below it. */
const PACKAGE = /^\/(?:npm|gh|ajax\/libs)\/(?:@[^/]+\/)?[^/]+\/(?:[\d.]+\/)?/

/**
 * The key for the option `external` that trusts a script: its origin, or only the directory or file if the origin
 * also serves scripts that run code given in their URL, which an attacker could use.
 */
export function trustKey(url: URL): string {
  const known = bypasses().filter(({ hostname }) => hostname === url.hostname)
  if (known.length === 0) return url.origin
  const directory =
    PACKAGE.exec(url.pathname)?.[0] ?? url.pathname.slice(0, url.pathname.lastIndexOf('/') + 1)
  const isOpen = directory === '/' || known.some(({ pathname }) => pathname.startsWith(directory))
  return `${url.origin}${isOpen ? url.pathname : directory}`
}
