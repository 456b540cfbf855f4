import { type Finding, finding } from '../findings/index.ts'
import { SourceCover } from '../csp/source-cover.ts'
import { sourceOfUrl } from '../csp/need.ts'
import { resolveUrl } from '../site/urls.ts'
import { deciding, type Rule, type RulePage } from './rule.ts'

/** Hosts in error messages and XML namespaces, to which apps send no requests. */
export const MENTIONED =
  /^https?:\/\/(?:(?:www\.)?w3\.org|(?:[\w-]+\.)*(?:react\.dev|reactjs\.org|reactrouter\.com|vuejs\.org|vite\.dev|svelte\.dev|angular\.(?:dev|io)|mozilla\.org|github\.com|github\.io|wikipedia\.org|stackoverflow\.com|whatwg\.org|json-schema\.org|schema\.org|example\.(?:com|org|net))|fb\.me|goo\.gl|git\.io|tc39\.es|localhost)(?:[:/?#]|$)/i

/** A URL that looks like that of a script. */
export const SCRIPT_URL = /\.m?js(?:[?#]|$)|\/js(?:[?#]|$)|^https?:\/\/js\./i

/** Whether a URL belongs to the site. The CDN that the site is built for does. */
export function isOwnAddress({ site }: RulePage, url: string): boolean {
  return URL.canParse(url) && resolveUrl(site, url, new URL(url)).kind !== 'foreign'
}

const KINDS = ['connect-src', 'img-src', 'media-src', 'frame-src', 'font-src', 'form-action'] as const

/**
 * `fetch(API + '/tides')` with `const API = 'https://api.example'`: the host is in the code, but its use is
 * unknown, so the finding lists it and the policy does not allow it.
 * @see https://www.w3.org/TR/CSP3/#directive-connect-src
 */
export const remoteUrls: Rule = (page): Finding[] => {
  const lists = KINDS.map((name) => deciding(page, name)?.list)
  if (!lists.some((list) => list !== undefined) || page.settings.preset === 'scripts-only') return []
  const allowed = new SourceCover(lists.flatMap((list) => list ?? []))
  const origins = new Map<string, string>()
  const external = [...page.settings.external.keys()]
  for (const { traits, file } of page.scripts) {
    const hosts = new Set(traits.hosts)
    for (const url of [...traits.urls.keys(), ...hosts]) {
      const origin = hosts.has(url) ? url : sourceOfUrl(url)
      if (typeof origin !== 'string' || MENTIONED.test(url) || SCRIPT_URL.test(url)) continue
      if (traits.links.has(url)) continue
      // Origins that a known external script requests have a finding of their own.
      if (external.some((key) => key.startsWith(origin))) continue
      if (!allowed.covers(origin) && !isOwnAddress(page, url)) origins.set(origin, file)
    }
  }
  if (origins.size === 0) return []
  const text = [...origins].map(([origin, file]) => `${origin} (${file})`).join(', ')
  return [finding('remote-urls', { origins: text })]
}
