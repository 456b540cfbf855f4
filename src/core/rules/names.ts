import { type Finding, finding } from '../findings.ts'
import type { RulePage } from './rule.ts'

const LAST_PART = /[-._~]([A-Za-z0-9_-]{8,})\.[a-z0-9]+$/i

/** Names of eight letters and more are hashes where they hold what a word does not. */
function hasHash(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const last = LAST_PART.exec(name)?.[1]
  const part = last?.slice(-8)
  return !!part && (/\d/.test(part) || (/[a-z]/.test(part) && /[A-Z]/.test(part)) || /[A-Z_]{4}/.test(part))
}

const MOST_NAMED = 5

interface NamedPins extends Pick<RulePage, 'pinned'> {
  readonly site: Pick<RulePage['site'], 'graph'>
}

/**
 * `<script src="/analytics.js">`, pinned: a browser that has last month's copy in its cache refuses it.
 * @see https://www.w3.org/TR/SRI/#caching
 */
export function nameWithoutHash({ pinned, site }: NamedPins): Finding[] {
  // A chunk of the build whose hash happens to be a word is no mistake of the user's.
  const files = [...pinned].filter(
    (path) => !hasHash(path) && !(site.graph.has(path) && /[-.][\w-]{8}\.[cm]?js$/.test(path)),
  )
  if (files.length === 0) return []
  const rest = files.length - MOST_NAMED
  const named = files.toSorted().slice(0, MOST_NAMED).join(', ')
  return [finding('name-without-hash', { files: rest > 0 ? `${named} and ${rest} more` : named })]
}
