import { createCollector } from './collector.ts'
import { parsePolicy } from './source-list.ts'
import { engines } from './engines.ts'
import type { PageItem } from './page-items.ts'
import { headRules } from './page-rules.ts'
import { readPlainHead } from './plain-head.ts'
import { readPage } from './read-page.ts'
import type { Refusal } from './refusals.ts'

const BOM = '\uFEFF'

/** Offset behind the given number of policy metas, where nothing before them only looks like one. */
function endOfMetas(html: string, metas: number): number {
  const pattern = /http-equiv="?content-security-policy/gi
  for (let left = metas; left > 0; left--) if (!pattern.test(html)) return html.length
  const end = html.indexOf('>', pattern.lastIndex)
  return end < 0 ? html.length : end + 1
}

/**
 * Whether the policies that a page carries in metas govern it: the part of `verifySite` that can be asked about each of
 * very many pages, because it reads no further than the metas where these follow the charset. `metas` is how many there
 * should be.
 */
export function verifyHead(page: string, html: string, metas: number): Refusal[] {
  if (metas === 0 || isPlainlyGood(page, html, metas)) return []
  const head = html.slice(0, endOfMetas(html, metas))
  // The cut may be in the wrong place, and the charset may stand behind it, too late.
  const hasCharset = /charset/i.test(head) || !/charset/i.test(html)
  const enough = hasCharset && judge(page, head, metas).length === 0
  return enough ? [] : judge(page, html, metas)
}

/** Whether nothing can be wrong with a head that every parser reads alike. Positions are left to the parser. */
function isPlainlyGood(page: string, html: string, metas: number): boolean {
  const source = withoutBom(html)
  const items = readPlainHead(source, metas)
  if (!items) return false
  const encodingKnown = source !== html || items.some(isCharset) || !/charset/i.test(html)
  return encodingKnown && refusalsOf(page, { html, metas, all: items }).length === 0
}

const withoutBom = (html: string): string => (html.startsWith(BOM) ? html.slice(1) : html)

const judge = (page: string, html: string, metas: number): Refusal[] =>
  refusalsOf(page, { html, metas, all: readPage(withoutBom(html)) })

interface ReadHead {
  readonly html: string
  readonly metas: number
  readonly all: readonly PageItem[]
}

function refusalsOf(page: string, { html, metas, all }: ReadHead): Refusal[] {
  const collector = createCollector(page)
  const report = collector.report(...engines.map(({ name }) => name))
  const source = withoutBom(html)
  const governing = all.filter(isGoverning)
  const last = governing[metas - 1]
  if (!last) report('policy-missing', { line: 1, column: 1 }, { subject: 'script-src' })
  // A policy of the user's may stand behind, and is none of our business.
  const items = last ? [...all.slice(0, all.indexOf(last) + 1), ...all.filter(isCharset)] : all
  const policies = governing.slice(0, metas).map(policyOf)
  for (const rule of headRules) rule({ source, items, policies, encodingKnown: source !== html }, report)
  return collector.refusals()
}

type PolicyItem = Extract<PageItem, { readonly kind: 'policy' }>

const isGoverning = (item: PageItem): item is PolicyItem => item.kind === 'policy' && item.inHead

const isCharset = ({ kind }: PageItem): boolean => kind === 'charset'

const policyOf = ({ content, at }: PolicyItem) => ({
  text: content,
  directives: parsePolicy(content),
  delivery: 'meta' as const,
  at,
})
