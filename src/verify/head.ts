import { createCollector } from './collector.ts'
import { parsePolicy } from './source-list.ts'
import { engines } from './engines.ts'
import type { PageItem } from './page-items.ts'
import { headRules } from './page-rules.ts'
import { readPlainHead } from './plain-head.ts'
import { readPage } from './read-page.ts'
import type { Refusal } from './refusals.ts'

const BOM = '\uFEFF'

/** Offset after the given number of policy metas. It is too early if a comment, say, only looks like a meta. */
function endOfMetas(html: string, metas: number): number {
  const pattern = /http-equiv="?content-security-policy/gi
  for (let left = metas; left > 0; left--) if (!pattern.test(html)) return html.length
  const end = html.indexOf('>', pattern.lastIndex)
  return end < 0 ? html.length : end + 1
}

/**
 * Checks whether the policies in a page's metas govern the page. Unlike `verifySite`, it is cheap enough to run on
 * thousands of pages: if the metas follow the charset, it reads no further than the metas. `metas` is the expected
 * number of policy metas.
 */
export function verifyHead(page: string, html: string, metas: number): Refusal[] {
  if (metas === 0 || isPlainlyGood(page, html, metas)) return []
  const head = html.slice(0, endOfMetas(html, metas))
  // The cut may be in the wrong place, or it may cut off a charset that comes too late.
  const hasCharset = /charset/i.test(head) || !/charset/i.test(html)
  const enough = hasCharset && judge(page, head, metas).length === 0
  return enough ? [] : judge(page, html, metas)
}

/** True if the head is simple enough to skip the HTML parser and breaks no rule. Ignores positions. */
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
  // Ignore policies after ours: the user may have written them.
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
