import { type Finding, finding } from '../findings/index.ts'
import type { SiteContext } from '../site/model.ts'

/** `app-x.js` and `app.x.lean.js` where `x` may be a hash; `x.js` if the name may be only a hash. */
const HASH_PART = /(?:[-._~]([A-Za-z0-9_-]{8,})|^([A-Za-z0-9_-]{8}))(?:\.[a-z]+)?\.[a-z0-9]+$/

/** A part of eight or more characters is a hash if it contains characters that a word does not. */
function hasHash(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const [, last, whole] = HASH_PART.exec(name) ?? []
  const part = (last ?? whole)?.slice(-8)
  return !!part && (/\d/.test(part) || (/[a-z]/.test(part) && /[A-Z]/.test(part)) || /[A-Z_]{4}/.test(part))
}

const MOST_NAMED = 5

/**
 * `<script src="/analytics.js">`, pinned: a browser that still has an older copy in its cache blocks it.
 * @see https://www.w3.org/TR/SRI/#caching
 */
export function nameWithoutHash(site: Pick<SiteContext, 'graph'>, pinned: Iterable<string>): Finding[] {
  // The user cannot help it if the hash of a chunk happens to look like a word.
  const files = [...pinned].filter(
    (path) => !hasHash(path) && !(site.graph.has(path) && /[-.][\w-]{8}\.[cm]?js$/.test(path)),
  )
  if (files.length === 0) return []
  const rest = files.length - MOST_NAMED
  const named = files.toSorted().slice(0, MOST_NAMED).join(', ')
  return [finding('name-without-hash', { files: rest > 0 ? `${named} and ${rest} more` : named })]
}
