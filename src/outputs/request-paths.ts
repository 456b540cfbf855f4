/** A path as browsers send it, but `*` and `:` encoded too: they are patterns in the files of most hosts. */
function encoded(path: string): string {
  const written = path.replace(/[%?#\\]/g, encodeURIComponent)
  return new URL(`https://host/${written}`).pathname.replaceAll('*', '%2A').replaceAll(':', '%3A')
}

/**
 * The paths under which hosts serve a page: `about.html` as `/about`, `/about/` and `/about.html`; `blog/index.html`
 * as `/blog`, `/blog/` and `/blog/index.html`.
 */
export function requestPaths(page: string): string[] {
  const path = encoded(page)
  const bare = path.replace(/(?:\/index)?\.html?$/, '')
  if (bare === path) return [path]
  return bare === '' ? ['/', path] : [bare, `${bare}/`, path]
}

/** A path that no site has. */
export const UNKNOWN_PATH = '/csp-hashes/no-such-page'

/** Netlify does not tell these paths apart. */
function sameRule(path: string): string {
  return path.toLowerCase().replace(/(?<=.)\/$/, '')
}

/**
 * Request path → the one page that answers it. What two pages answer (`/blog` with `blog.html` and `blog/index.html`,
 * or names that differ only in case) depends on the host, and is left out.
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
