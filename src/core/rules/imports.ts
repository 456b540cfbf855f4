import { trustKey } from '../csp/trust-key.ts'
import { type FindingPlace, finding } from '../findings/index.ts'
import { isListed } from '../page/pin.ts'
import type { PageImport } from '../page/inline-modules.ts'
import { resolveUrl, sitePathUrl } from '../site/urls.ts'
import { escapeRegExp } from '../text/regexp.ts'
import type { Rule, RulePage, RuleScript } from './rule.ts'
import { refusesScript } from './script-access.ts'

function scriptOf({ scripts }: RulePage, { importer }: PageImport): RuleScript | undefined {
  return scripts.find((script) =>
    typeof importer === 'string' ? script.file === importer && !script.inline : script.inline === importer,
  )
}

/** Only this many imports of a page are located in their files; the others are reported without a place. */
const MOST_PLACED = 100

/** The importing script as named in messages, and the place of the specifier in it. */
function importing(page: RulePage, one: PageImport): { where: string; place: FindingPlace | undefined } {
  const placed = page.unanswered.length <= MOST_PLACED || page.unanswered.slice(0, MOST_PLACED).includes(one)
  const script = placed ? scriptOf(page, one) : undefined
  const place = script?.find(new RegExp(`["'\`]?${escapeRegExp(one.specifier)}`))
  const file = typeof one.importer === 'string' ? one.importer : 'The <script>'
  return {
    where:
      place && typeof one.importer === 'string' && place.file !== file ? `${file} (${place.file})` : file,
    place,
  }
}

/**
 * `import confetti from 'https://esm.sh/canvas-confetti'`: blocked, so the importing module and everything that
 * imports it fails.
 * @see https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-single-module-script
 */
export const importUnlisted: Rule = (page) =>
  page.unanswered.flatMap((one) => {
    const { specifier, url, foreign } = one
    if (!foreign || !URL.canParse(url)) return []
    const parsed = new URL(url)
    const pinned = typeof page.settings.external.get(url) === 'string'
    if (pinned || !refusesScript(page, parsed, 'import')) return []
    const { where, place } = importing(page, one)
    return [finding('import-unlisted', { where, specifier, url, key: trustKey(parsed) }, place)]
  })

/**
 * `import '/vendor/gone.js'`: resolves to no file of the site. If a server provides it, the user can say so with
 * `external`.
 * @see https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-single-module-script
 */
export const importMissing: Rule = (page) =>
  page.unanswered.flatMap((one) => {
    const { specifier, url, foreign } = one
    if (foreign || isListed(url, page.settings.external)) return []
    const { where, place } = importing(page, one)
    return [finding('import-missing', { where, specifier, url }, place)]
  })

const MOST_NAMED = 5

/**
 * `import(url)` in `/assets/app.js`, with scripts in `/plugins/` that no page is known to load.
 * @see https://www.w3.org/TR/CSP3/#match-paths
 */
export const importElsewhere: Rule = (page) => {
  const [importer] = page.importsAnything
  if (importer === undefined) return []
  const { site } = page
  const script = page.scripts.find(({ file, inline }) => file === importer && !inline)
  const directories = new Set<string>()
  for (const path of site.unnamedImports?.(page.page.path) ?? []) {
    const url = sitePathUrl(site, path)
    const directory = url.pathname.slice(0, url.pathname.lastIndexOf('/') + 1)
    // Scripts in the root are service workers and the like, which no script imports.
    if (path.includes('/') && refusesScript(page, url, 'import')) directories.add(directory)
  }
  const [key] = directories
  if (key === undefined || resolveUrl(site, key, sitePathUrl(site, '')).kind === 'foreign') return []
  const named = [...directories].slice(0, MOST_NAMED).join(', ')
  const rest = directories.size - MOST_NAMED
  const data = {
    where: importer,
    directories: rest > 0 ? `${named} or ${rest} more directories` : named,
    key,
  }
  return [finding('import-elsewhere', data, script?.find(/\bimport\s*\(/))]
}

/**
 * `external: { 'https://cdn.example/v.js': 'sha384-…' }` and a script with
 * `element.src = 'https://cdn.example/v.js'`: neither a tag nor an import map applies the pin to that element.
 * @see https://www.w3.org/TR/SRI/#the-integrity-attribute
 */
export const pinUnused: Rule = ({ scripts, settings, unanswered }) =>
  [...settings.external].flatMap(([url, pin]) => {
    const isImported = unanswered.some((one) => one.url === url)
    if (typeof pin !== 'string' || isImported) return []
    return scripts.flatMap((script) => {
      const offset = script.traits.urls.get(url)
      if (offset === undefined || script.text().includes(pin)) return []
      const pattern = new RegExp(escapeRegExp(url))
      const where = script.where(offset, pattern)
      return [finding('pin-unused', { url, where }, script.place(offset, pattern))]
    })
  })
