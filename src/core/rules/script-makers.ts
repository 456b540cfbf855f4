import { trustKey } from '../csp/trust-key.ts'
import { type Finding, finding } from '../findings/index.ts'
import { type ScriptAddress, scriptAddresses, scriptMaker } from '../needs/script-makers.ts'
import { serviceOf } from '../needs/services.ts'
import { keptScripts } from '../page/kept-scripts.ts'
import { isOwnFile } from '../page/pin.ts'
import type { ModuleSource } from '../site/model.ts'
import { pageUrl } from '../site/urls.ts'
import { escapeRegExp } from '../text/regexp.ts'
import { ON_REQUEST, packageOf } from './packages.ts'
import { isOwnAddress, MENTIONED, SCRIPT_URL } from './origins.ts'
import type { Rule, RulePage, RuleScript } from './rule.ts'
import { missingSources } from './services.ts'
import { refusesScript } from './script-access.ts'

const MOST_NAMED = 6
/** If modules are unknown, this many characters on each side of the code that creates an element are searched. */
const AROUND = 4000

/** A package, or one of the user's modules, that creates script elements. */
interface Maker {
  readonly script: RuleScript
  readonly modules: readonly ModuleSource[]
  readonly addresses: readonly ScriptAddress[]
}

const makesScripts = (code: string): boolean => scriptMaker(code) !== undefined
const hasLikely = (code: string): boolean =>
  code.length < LONGEST_CALLER &&
  /https?:|["'`]\/\/|["'`]\/_/.test(code) &&
  scriptAddresses(code).some(({ likely }) => likely)
const isAny = (): boolean => true

/** Longer modules contain whole libraries, so they are not searched for a URL that another module may use. */
const LONGEST_CALLER = 200_000

function makersOf(script: RuleScript): Maker[] {
  const offset = script.traits.features.get('script-element')
  if (offset === undefined) return []
  if (script.modulesWith(isAny).length === 0) {
    const text = script.text()
    const at = scriptMaker(text) ?? 0
    const around = text.length > 2 * AROUND ? text.slice(Math.max(0, at - AROUND), at + AROUND) : text
    return [{ script, modules: [], addresses: scriptAddresses(around) }]
  }
  const groups = new Map<string, ModuleSource[]>()
  for (const one of script.modulesWith(makesScripts).filter(({ id }) => !ON_REQUEST.test(id)))
    groups.set(packageOf(one), [...(groups.get(packageOf(one)) ?? []), one])
  return [...groups].map(([name, modules]) => {
    const others = script
      .modulesWith(hasLikely)
      .filter((one) => packageOf(one) === name && !modules.some(({ id }) => id === one.id))
    const addresses = [
      ...modules.flatMap(({ code }) => scriptAddresses(code)),
      ...others.flatMap(({ code }) => scriptAddresses(code).filter(({ likely }) => likely)),
    ]
    return { script, modules, addresses }
  })
}

/** If a maker contains no URL, another module passes the URL to it: add all modules that contain likely URLs. */
function withCallers(makers: readonly Maker[], scripts: readonly RuleScript[]): Maker[] {
  if (makers.every(({ addresses }) => addresses.length > 0)) return [...makers]
  const known = new Set(makers.flatMap(({ modules }) => modules.map(({ id }) => id)))
  const callers = scripts.flatMap((script) =>
    script
      .modulesWith(hasLikely)
      .filter((one) => !known.has(one.id) && !ON_REQUEST.test(one.id))
      .map((one) => ({
        script,
        modules: [one],
        addresses: scriptAddresses(one.code).filter(({ likely }) => likely),
      })),
  )
  return [...makers, ...callers]
}

/** The keys that `external` needs for a URL; empty if the policy allows it. */
function neededKeys(page: RulePage, address: string, id = ''): string[] {
  const service = serviceOf(address, id)
  const keys = service?.external ?? [keyOf(page, address)]
  return keys.filter((key) => refusesScript(page, urlOf(page, key), 'element'))
}

/** A host with a wildcard is tested with an arbitrary subdomain. */
function urlOf(page: RulePage, key: string): URL {
  return key.startsWith('/') ? pageUrl(page.site, key) : new URL(key.replace('*.', 'any.'))
}

function keyOf(page: RulePage, address: string): string {
  if (!address.startsWith('/')) return trustKey(new URL(address))
  const directory = address.slice(0, address.lastIndexOf('/') + 1)
  return isOwnFile(page.site, address) && directory !== '/' ? directory : address
}

function told(page: RulePage, { script, modules, addresses }: Maker): Finding[] {
  const ids = modules.map(({ id }) => id).join(' ')
  const service = addresses.length === 0 ? serviceOf('', ids) : undefined
  const wanted = addresses
    .map(({ url }) => ({ url, keys: neededKeys(page, url, ids) }))
    .filter(({ keys }) => keys.length > 0)
  const keys = [
    ...new Set([...wanted.flatMap((one) => one.keys), ...(service ? neededKeys(page, '', ids) : [])]),
  ].slice(0, MOST_NAMED)
  if (addresses.length === 0 && !service) return madeText(page, script, modules)
  if (keys.length === 0) return []
  const services = [
    ...new Set([...wanted.flatMap(({ url }) => serviceOf(url, ids) ?? []), ...(service ? [service] : [])]),
  ]
  const named = wanted.length > 0 ? [...new Set(wanted.map(({ url }) => url))] : keys
  const rest = named.length - MOST_NAMED
  const shown = named.slice(0, MOST_NAMED).join(', ')
  const names = [...new Set(modules.map((one) => script.nameOf(one)))]
  const data = {
    where:
      names.length > 0
        ? `${script.file} (${names.join(', ')})`
        : script.inline
          ? 'The <script>'
          : script.file,
    addresses: rest > 0 ? `${shown} and ${rest} more` : shown,
    keys,
    directives: missingSources(page, services),
  }
  return [finding('script-made', data, placeOf(script, modules))]
}

/** A script element whose text is set by the script that creates it. */
function madeText(page: RulePage, script: RuleScript, modules: readonly ModuleSource[]): Finding[] {
  const inline = page.page.resources.flatMap((one) => (one.kind === 'inline-script' ? [one.text] : []))
  // The text probably comes from scripts that the page stores as data, whose hashes the policy lists.
  if (!script.traits.features.has('script-text') || keptScripts(inline).length > 0) return []
  const names = [...new Set(modules.map((one) => script.nameOf(one)))]
  const where = names.length > 0 ? `${script.file} (${names.join(', ')})` : script.file
  return [finding('script-text', { where }, placeOf(script, modules))]
}

function placeOf(
  script: RuleScript,
  modules: readonly ModuleSource[],
): ReturnType<RuleScript['find']> | undefined {
  for (const module of modules) {
    const place = script.placeIn(module, (text) => scriptMaker(text) ?? -1)
    if (place) return place
  }
  const at = scriptMaker(script.text())
  return at === undefined || script.inline
    ? script.find(/["'`]script["'`]/i)
    : { file: script.file, source: script.text(), offset: at }
}

/** A pin for a script that another script adds: no tag carries the pin, so it is never checked. */
function idlePins(page: RulePage, makers: readonly Maker[]): Finding[] {
  const tags = new Set(page.page.resources.flatMap((one) => ('url' in one ? [one.url] : [])))
  const imports = new Set(page.unanswered.map(({ url }) => url))
  return [...page.settings.external].flatMap(([url, trust]) => {
    if (trust === true || tags.has(url) || imports.has(url)) return []
    const maker = makers.find(({ addresses }) => addresses.some((one) => one.url === url))
    if (!maker) return []
    const { script, modules } = maker
    return [finding('pin-idle', { url, key: keyOf(page, url), file: script.file }, placeOf(script, modules))]
  })
}

/** URLs of scripts in scripts that are not seen to create script elements. */
function otherAddresses(page: RulePage, makers: readonly Maker[]): Finding[] {
  const made = new Set(makers.flatMap(({ addresses }) => addresses.map(({ url }) => originOf(url))))
  return page.scripts.flatMap((script) =>
    [...script.traits.urls].flatMap(([url, offset]) => {
      if (!SCRIPT_URL.test(url) || MENTIONED.test(url) || !URL.canParse(url)) return []
      if (isOwnAddress(page, url) || made.has(originOf(url))) return []
      const keys = neededKeys(page, url)
      if (keys.length === 0) return []
      const pattern = new RegExp(escapeRegExp(url))
      const data = { where: script.where(offset, pattern), url, keys }
      return [finding('foreign-script-url', data, script.place(offset, pattern))]
    }),
  )
}

const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : '')

/**
 * `const s = document.createElement('script'); s.src = 'https://widget.example/v1'`: a trusted script adds another
 * from a URL that the policy does not allow. A URL without such code is reported with less certainty.
 * @see https://www.w3.org/TR/CSP3/#directive-script-src-elem
 */
export const scriptMade: Rule = (page) => {
  const makers = page.scripts.flatMap(makersOf)
  const made = makers.length === 0 ? [] : withCallers(makers, page.scripts)
  return [
    ...made.flatMap((maker) => told(page, maker)),
    ...idlePins(page, makers),
    ...otherAddresses(page, made),
  ]
}
