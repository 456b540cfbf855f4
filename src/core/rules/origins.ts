import { type Finding, finding } from '../findings/index.ts'
import { isTrusted } from '../page/pin.ts'
import { covers } from '../csp/source-expression.ts'
import { sourceOfUrl } from '../csp/need.ts'
import { resolveUrl } from '../site/urls.ts'
import { deciding, type Rule, type RulePage } from './rule.ts'

/** Hosts that stand in messages and in names of XML, and that no app talks to. */
const MENTIONED =
  /^https?:\/\/(?:(?:www\.)?w3\.org|(?:[\w-]+\.)*(?:react\.dev|reactjs\.org|reactrouter\.com|vuejs\.org|vite\.dev|svelte\.dev|angular\.(?:dev|io)|mozilla\.org|github\.com|github\.io|wikipedia\.org|stackoverflow\.com|whatwg\.org|json-schema\.org|schema\.org|example\.(?:com|org|net))|fb\.me|goo\.gl|git\.io|tc39\.es|localhost)(?:[:/?#]|$)/i

const SCRIPT_URL = /\.m?js(?:[?#]|$)|\/js(?:[?#]|$)|^https?:\/\/js\./i

/**
 * `loadScript('https://widget.example/v1.js')` in a chunk: the fence, or a `script-src-elem` without that origin, keeps it
 * out although a trusted script loads it.
 * @see https://www.w3.org/TR/CSP3/#directive-script-src-elem
 */
export const foreignScriptUrl: Rule = (page) => {
  if (!refusesForeignScripts(page)) return []
  return page.scripts.flatMap((script) =>
    [...script.traits.urls].flatMap(([url, offset]) => {
      if (!SCRIPT_URL.test(url) || MENTIONED.test(url) || !URL.canParse(url)) return []
      if (isOwn(page, url) || isTrusted(new URL(url), page.settings.external)) return []
      const pattern = new RegExp(url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      const data = { where: script.where(offset, pattern), url, origin: new URL(url).origin }
      return [finding('foreign-script-url', data, script.place(offset, pattern))]
    }),
  )
}

/** A CDN that the site itself is built for is nobody else's origin. */
function isOwn({ site }: RulePage, url: string): boolean {
  return URL.canParse(url) && resolveUrl(site, url, new URL(url)).kind !== 'foreign'
}

function refusesForeignScripts(page: RulePage): boolean {
  const list = deciding(page, 'script-src-elem')?.list
  return page.policies.some(({ role }) => role === 'fence') || (!!list && !list.includes("'strict-dynamic'"))
}

const KINDS = ['connect-src', 'img-src', 'media-src', 'frame-src', 'font-src', 'form-action'] as const

/**
 * `fetch(API + '/tides')` with `const API = 'https://api.example'`: the host stands in the code, but what is done with it
 * cannot be known, so it is listed and not allowed.
 * @see https://www.w3.org/TR/CSP3/#directive-connect-src
 */
export const remoteUrls: Rule = (page): Finding[] => {
  const lists = KINDS.map((name) => deciding(page, name)?.list)
  if (!lists.some((list) => list !== undefined) || page.settings.preset === 'scripts-only') return []
  const allowed = lists.flatMap((list) => list ?? [])
  const origins = new Map<string, string>()
  for (const { traits, file } of page.scripts) {
    for (const url of traits.urls.keys()) {
      const origin = sourceOfUrl(url)
      if (typeof origin !== 'string' || MENTIONED.test(url) || SCRIPT_URL.test(url)) continue
      if (!covers(allowed, origin) && !isOwn(page, url)) origins.set(origin, file)
    }
  }
  if (origins.size === 0) return []
  const text = [...origins].map(([origin, file]) => `${origin} (${file})`).join(', ')
  return [finding('remote-urls', { origins: text })]
}
