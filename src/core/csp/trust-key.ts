import { createRequire } from 'node:module'

/** Addresses that run what a URL asks for, as CSP Evaluator knows them. Loaded when there is something to advise. */
function bypasses(): URL[] {
  const require = createRequire(import.meta.url)
  return ['angular', 'jsonp'].flatMap((name) => {
    const { URLS } = require(`csp_evaluator/dist/allowlist_bypasses/${name}.js`) as {
      URLS: readonly string[]
    }
    return URLS.map((url) => new URL(url, 'https://x'))
  })
}

/** A path that holds the name of a package and its version: nobody else can publish below it. */
const PACKAGE = /^\/(?:npm|gh|ajax\/libs)\/(?:@[^/]+\/)?[^/]+\/(?:[\d.]+\/)?/

/**
 * What to write into `external` to trust a script: its origin; where that would also let scripts in that run what an
 * attacker writes into their URL, the directory or the file alone.
 */
export function trustKey(url: URL): string {
  const known = bypasses().filter(({ hostname }) => hostname === url.hostname)
  if (known.length === 0) return url.origin
  const directory =
    PACKAGE.exec(url.pathname)?.[0] ?? url.pathname.slice(0, url.pathname.lastIndexOf('/') + 1)
  const isOpen = directory === '/' || known.some(({ pathname }) => pathname.startsWith(directory))
  return `${url.origin}${isOpen ? url.pathname : directory}`
}
