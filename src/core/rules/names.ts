import { type Finding, finding } from '../findings/index.ts'
import type { SiteContext } from '../site/model.ts'

/** `app-x.js`, `app.x.lean.js`; `x.js` where the name is nothing but a hash. */
const HASH_PART = /(?:[-._~]([A-Za-z0-9_-]{8,})|^([A-Za-z0-9_-]{8}))(?:\.[a-z]+)?\.[a-z0-9]+$/

/** Names of eight letters and more are hashes where they hold what a word does not. */
function hasHash(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const [, last, whole] = HASH_PART.exec(name) ?? []
  const part = (last ?? whole)?.slice(-8)
  return !!part && (/\d/.test(part) || (/[a-z]/.test(part) && /[A-Z]/.test(part)) || /[A-Z_]{4}/.test(part))
}

const MOST_NAMED = 5

/**
 * `<script src="/analytics.js">`, pinned: a browser that has last month's copy in its cache refuses it.
 * @see https://www.w3.org/TR/SRI/#caching
 */
export function nameWithoutHash(site: Pick<SiteContext, 'graph'>, pinned: Iterable<string>): Finding[] {
  // A chunk of the build whose hash happens to be a word is no mistake of the user's.
  const files = [...pinned].filter(
    (path) => !hasHash(path) && !(site.graph.has(path) && /[-.][\w-]{8}\.[cm]?js$/.test(path)),
  )
  if (files.length === 0) return []
  const rest = files.length - MOST_NAMED
  const named = files.toSorted().slice(0, MOST_NAMED).join(', ')
  return [finding('name-without-hash', { files: rest > 0 ? `${named} and ${rest} more` : named })]
}
