/** Encodes a path as browsers send it, and also `*` and `:`, which are pattern characters in most host files. */
function encoded(path: string): string {
  const written = path.replace(/[%?#\\]/g, encodeURIComponent)
  return new URL(`https://host/${written}`).pathname.replaceAll('*', '%2A').replaceAll(':', '%3A')
}

/**
 * The paths under which hosts serve a page: `/about`, `/about/` and `/about.html` for `about.html`; `/blog`, `/blog/`
 * and `/blog/index.html` for `blog/index.html`.
 */
export function requestPaths(page: string): string[] {
  const path = encoded(page)
  const bare = path.replace(/(?:\/index)?\.html?$/, '')
  if (bare === path) return [path]
  return bare === '' ? ['/', path] : [bare, `${bare}/`, path]
}

/** A path that no site has. */
export const UNKNOWN_PATH = '/csp-hashes/no-such-page'

/** Maps paths to the same key if Netlify treats them as equal. */
function sameRule(path: string): string {
  return path.toLowerCase().replace(/(?<=.)\/$/, '')
}

/**
 * Maps each request path to the only page that can answer it. Omits paths that two pages could answer, because then the
 * host decides: `/blog` with `blog.html` and `blog/index.html`, or names that differ only in case.
 */
export function ownPaths(pages: readonly string[]): Map<string, string> {
  const claims = new Map<string, Set<string>>()
  const all = pages.flatMap((page) => requestPaths(page).map((path) => ({ page, path })))
  for (const { page, path } of all) {
    claims.set(sameRule(path), (claims.get(sameRule(path)) ?? new Set()).add(page))
  }
  return new Map(
    all.filter(({ path }) => claims.get(sameRule(path))?.size === 1).map(({ page, path }) => [path, page]),
  )
}
