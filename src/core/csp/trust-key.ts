import { createRequire } from 'node:module'

/** The hosts that CSP Evaluator knows to serve scripts which run whatever a URL asks for. */
function bypassHosts(): ReadonlySet<string> {
  const require = createRequire(import.meta.url)
  const hosts = ['angular', 'jsonp'].flatMap((name) => {
    const { URLS } = require(`csp_evaluator/dist/allowlist_bypasses/${name}.js`) as {
      URLS: readonly string[]
    }
    return URLS.map((url) => new URL(url, 'https://x').hostname)
  })
  return new Set(hosts)
}

/** A path that holds the version of a package: nobody else can publish below it. */
const PACKAGE = /^\/(?:npm|gh|ajax\/libs)\/(?:@[^/]+\/)?[^/]+\//

/**
 * What to write into `external` to trust a script: its origin; where that would let scripts in that run what an attacker
 * writes into a URL, only the directory.
 */
export function trustKey(url: URL): string {
  if (!bypassHosts().has(url.hostname)) return url.origin
  const directory =
    PACKAGE.exec(url.pathname)?.[0] ?? url.pathname.slice(0, url.pathname.lastIndexOf('/') + 1)
  return directory === '/' ? `${url.origin}${url.pathname}` : `${url.origin}${directory}`
}
