import type { DirectiveName } from '../csp/directives.ts'
import { sourceOfUrl } from '../csp/need.ts'
import { type Finding, type FindingPlace, finding } from '../findings/index.ts'
import { pagePlace } from '../findings/locate.ts'
import { option } from '../findings/option.ts'
import { evalUses } from '../needs/eval-uses.ts'
import { wayWithoutEval } from '../rules/evaluation.ts'
import { digest } from '../site/digest.ts'
import type { FlaggedAttribute, ScannedPage } from '../site/model.ts'
import { positionOf } from '../text/code-frame.ts'
import { placeOf } from './place.ts'
import { allowing, externalKeys, type Remedy } from './remedy.ts'
import type { Violation } from './violation.ts'
import type { ViolationSite } from './violation-site.ts'

/** The findings for a violation, and the options that allow the blocked resource or code. */
export interface Explanation {
  /**
   * Usually one; several if the same text occurs in the page more than once, because browsers do not report which
   * one was blocked.
   */
  readonly findings: readonly Finding[]
  readonly remedy: Remedy
}

/** A sample of this length may be truncated. @see https://www.w3.org/TR/CSP3/#violation-sample */
const SAMPLE = 40

const SCRIPT_DIRECTIVES: ReadonlySet<string> = new Set(['script-src', 'script-src-elem', 'default-src'])

const directives = (name: DirectiveName, expression: string, { policy }: Violation): Remedy => ({
  directives: { [name]: allowing(name, expression, policy) },
})

/** Turns a violation into the finding that the build would have reported, with a place in the user's own files. */
export function explain(violation: Violation, site: ViolationSite): Explanation {
  const { blocked } = violation
  const page = site.page(violation.document)
  if (blocked === 'inline' || blocked === 'self') return inline(violation, site, page)
  if (blocked === 'eval') return evaluated(violation, site)
  if (blocked === 'wasm-eval') {
    const { where, place } = doer(violation, site)
    return {
      findings: [finding('wasm-blocked', { where }, place)],
      remedy: directives('script-src', "'wasm-unsafe-eval'", violation),
    }
  }
  if (blocked === 'trusted-types-sink') {
    const { where, place } = doer(violation, site)
    const sinks = violation.sample.split('|')[0] ?? ''
    return { findings: [finding('trusted-types-sink', { where, sinks }, place)], remedy: {} }
  }
  if (blocked === 'trusted-types-policy') return policyName(violation, site)
  return fetched(violation, site, page)
}

/** The script that caused the violation: its name for a sentence, and its place. */
function doer(violation: Violation, site: ViolationSite): { where: string; place: FindingPlace | undefined } {
  const place = placeOf(site, violation)
  return { where: place?.file ?? 'A script', place }
}

const FUNCTION = /^\(?(?:async )?function\*? anonymous\(/

function evaluated(violation: Violation, site: ViolationSite): Explanation {
  const { where, place } = doer(violation, site)
  const text = place?.source ?? ''
  const line = place && positionOf(text, place.offset).line
  const use = evalUses(text).find(({ offset }) => positionOf(text, offset).line === line)
  const what = use?.what ?? (FUNCTION.test(violation.sample) ? 'new Function' : 'eval')
  const data = { where, what, more: 0, way: wayWithoutEval(where, text) }
  return use?.tried
    ? { findings: [finding('eval-tried', data, place)], remedy: {} }
    : {
        findings: [finding('eval-used', data, place)],
        remedy: directives('script-src', "'unsafe-eval'", violation),
      }
}

function policyName(violation: Violation, site: ViolationSite): Explanation {
  const { where, place } = doer(violation, site)
  const name = violation.sample.split('|')[0] ?? ''
  const data = { directive: 'trusted-types', expression: name, why: `trustedTypes.createPolicy in ${where}` }
  return { findings: [finding('need-blocked', data, place)], remedy: { trustedTypes: [name] } }
}

/** The hash that allows an inline text; `undefined` if only the beginning of the text is known. */
function hashOf({ text, sample }: Violation): string | undefined {
  const whole = text ?? (sample !== '' && sample.length < SAMPLE ? sample : undefined)
  return whole === undefined ? undefined : `'${digest(whole, 'sha384')}'`
}

const ATTRIBUTES: Readonly<Record<string, FlaggedAttribute['kind']>> = {
  'script-src-attr': 'handler',
  'style-src-attr': 'style',
}

/** The known part of the inline text. Browsers send a sample only if the policy asks for it. */
const said = ({ text, sample }: Violation): string => text ?? sample

function inline(violation: Violation, site: ViolationSite, page: ScannedPage | undefined): Explanation {
  const { directive } = violation
  const kind = isUrl(violation, page) ? 'javascript-url' : ATTRIBUTES[directive]
  if (kind) return attribute(violation, site, page, kind)
  const style = directive.startsWith('style-src')
  if (page && !site.script(violation.source)) return element(violation, site, page, style)
  const { where, place } = doer(violation, site)
  if (style) {
    return {
      findings: [finding('css-in-js', { where }, place)],
      remedy: directives('style-src', "'unsafe-inline'", violation),
    }
  }
  return made(violation, site, 'a <script>')
}

const shown = (violation: Violation): string => said(violation).replace(/\s+/g, ' ').trim().slice(0, SAMPLE)

/**
 * Without a sample, a `javascript:` URL and an inline script are reported alike; check whether the page contains
 * such a URL.
 */
function isUrl(violation: Violation, page: ScannedPage | undefined): boolean {
  const text = said(violation)
  if (text !== '') return /^javascript:/i.test(text)
  return (
    violation.directive === 'script-src-elem' &&
    page?.attributes.some(({ kind }) => kind === 'javascript-url') === true
  )
}

const startsLike = (value: string, sample: string): boolean =>
  sample !== '' && value.trim().startsWith(sample.trim())

function attribute(
  violation: Violation,
  site: ViolationSite,
  page: ScannedPage | undefined,
  kind: FlaggedAttribute['kind'],
): Explanation {
  const text = said(violation)
  const own =
    page?.attributes.filter((one) => one.kind === kind && (text === '' || startsLike(one.value, text))) ?? []
  if (page && own.length > 0) {
    return {
      findings: own.map((one) => attributeFinding(one, pagePlace(site, page, one.offset, one.name))),
      remedy: { unsafeHashes: true },
    }
  }
  const words = {
    handler: 'an inline handler',
    'javascript-url': 'a javascript: URL',
    style: 'a style attribute',
  }
  return made(violation, site, words[kind])
}

function attributeFinding({ kind, element, name }: FlaggedAttribute, place: FindingPlace): Finding {
  switch (kind) {
    case 'handler':
      return finding('inline-handler', { element, name }, place)
    case 'javascript-url':
      return finding('javascript-url', { element, name }, place)
    case 'style':
      return finding('style-attribute', { element }, place)
  }
}

/** Inline code that a script created and that no page contains: its hash is not in any policy. */
function made(violation: Violation, site: ViolationSite, what: string): Explanation {
  const { where, place } = doer(violation, site)
  const hash = hashOf(violation)
  const name = violation.directive.startsWith('style-src') ? 'style-src' : 'script-src'
  const hashes = [
    ...(violation.directive.endsWith('-attr') ? ["'unsafe-hashes'"] : []),
    ...(hash ? [hash] : []),
  ]
  const allow = hash
    ? `or allow just this text with ${option({ directives: { [name]: hashes } })}`
    : 'or let the page carry it, where the build can hash it'
  const told = said(violation) === '' ? what : `${what} (${shown(violation)})`
  return {
    findings: [finding('inline-made', { where, what: told, allow }, place)],
    remedy: hash
      ? { directives: { [name]: hashes.flatMap((one) => allowing(name, one, violation.policy)) } }
      : {},
  }
}

/** A script or style that is part of the page's markup. */
function element(violation: Violation, site: ViolationSite, page: ScannedPage, style: boolean): Explanation {
  const kind = style ? 'inline-style' : 'inline-script'
  const own = page.resources.find(
    (one) => one.kind === kind && 'text' in one && startsLike(one.text, said(violation)),
  )
  const place = own ? pagePlace(site, page, own.span.start) : placeOf(site, violation)
  const hash = hashOf(violation)
  const name = style ? 'style-src' : 'script-src'
  const tag = style ? 'this <style>' : 'this <script>'
  const what = own || said(violation) === '' ? tag : `${tag} (${shown(violation)})`
  return {
    findings: [finding('inline-unlisted', { what }, place)],
    remedy: hash ? directives(name, hash, violation) : {},
  }
}

/** The elements of a page that request the blocked URL. */
function askedFor(
  page: ScannedPage,
  { blocked, document }: Violation,
): { offset: number; element: string }[] {
  const base = URL.canParse(page.base?.href ?? '', document)
    ? new URL(page.base?.href ?? '', document)
    : document
  const is = (url: string): boolean =>
    URL.canParse(url, String(base)) &&
    new URL(url, base).href.replace(/#.*$/, '') === blocked.replace(/#.*$/, '')
  const tags = { 'external-script': 'script', stylesheet: 'link', modulepreload: 'link', preload: 'link' }
  return [
    ...page.references.filter(({ url }) => is(url)),
    ...page.resources.flatMap((one) =>
      'url' in one && is(one.url) ? [{ offset: one.span.start, element: tags[one.kind] }] : [],
    ),
  ]
}

function fetched(violation: Violation, site: ViolationSite, page: ScannedPage | undefined): Explanation {
  const { directive, blocked } = violation
  const tag = page && askedFor(page, violation)[0]
  const place = page && tag ? pagePlace(site, page, tag.offset) : placeOf(site, violation)
  const foreign = !sameOrigin(blocked, violation.document)
  if (directive === 'base-uri') {
    const source = foreign ? String(sourceOfUrl(blocked)) : "'self'"
    const href = page?.base?.href ?? blocked
    const at = page?.base ? pagePlace(site, page, page.base.span.start) : place
    return {
      findings: [finding('base-blocked', { href, source }, at)],
      remedy: directives('base-uri', source, violation),
    }
  }
  if (SCRIPT_DIRECTIVES.has(directive) && URL.canParse(blocked)) {
    const where = place?.file ?? 'A script'
    const url = new URL(blocked)
    if (/^https?:$/.test(url.protocol)) return script(url, { where, place, tag: tag !== undefined, foreign })
  }
  const name = directive as DirectiveName
  const expression = foreign ? expressionOf(blocked) : "'self'"
  const allowed = allowing(name, expression, violation.policy)
  const why =
    tag && page
      ? `<${tag.element}> in ${page.path}`
      : `${/^\w+$/.test(blocked) ? `${blocked}:` : blocked} in ${place?.file ?? 'a script'}`
  return {
    findings: [
      finding('need-blocked', { directive: name, expression, why, inherited: allowed.slice(0, -1) }, place),
    ],
    remedy: { directives: { [name]: allowed } },
  }
}

function script(
  url: URL,
  {
    where,
    place,
    tag,
    foreign,
  }: { where: string; place: FindingPlace | undefined; tag: boolean; foreign: boolean },
): Explanation {
  if (!foreign) {
    const key = url.pathname
    return {
      findings: [finding('own-script-blocked', { where, url: key, key }, place)],
      remedy: { external: { [key]: true } },
    }
  }
  const keys = externalKeys(url)
  const data = { url: url.href, key: keys[0] ?? url.origin }
  const found = tag
    ? finding('external-unlisted', data, place)
    : finding('foreign-script-url', { url: url.href, keys, where }, place)
  return {
    findings: [found],
    remedy: { external: Object.fromEntries(keys.map((key) => [key, true as const])) },
  }
}

function sameOrigin(url: string, document: string): boolean {
  return URL.canParse(url) && URL.canParse(document) && new URL(url).origin === new URL(document).origin
}

/** The source expression for a blocked URL: `https://host`, or the scheme alone if only that was reported. */
function expressionOf(blocked: string): string {
  if (/^[a-z][a-z0-9+.-]*$/i.test(blocked)) return `${blocked}:`
  const source = sourceOfUrl(blocked)
  return typeof source === 'string' ? source : `${new URL(blocked).protocol}`
}
