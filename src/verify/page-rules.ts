import { blocksInline, blocksRequest, effectiveDirective, type InlineKind } from './policy-rules.ts'
import { parsePolicy } from './source-list.ts'
import type { EnforcedPolicy, Report } from './document-state.ts'
import { tryUrl } from './import-map.ts'
import type { PageItem } from './page-items.ts'
import { excerpt } from './scripts.ts'

/** The input of the rules for a page's head. */
export interface HeadFacts {
  readonly source: string
  readonly items: readonly PageItem[]
  readonly policies: readonly EnforcedPolicy[]
  /** A byte order mark or the header already declares the encoding. */
  readonly encodingKnown: boolean
}

/** The input of the page rules, which do not depend on an engine. */
export interface PageFacts extends HeadFacts {
  readonly self: URL
  /** Base of the page's relative URLs. */
  readonly base: URL
}

type PageRule = (page: PageFacts, report: Report) => void
type HeadRule = (head: HeadFacts, report: Report) => void

const metaIgnores = ['frame-ancestors', 'sandbox', 'report-uri']
const top = { line: 1, column: 1 }

const policyMissing: PageRule = (page, report) => {
  if (!governs(page)) report('policy-missing', top, { subject: 'script-src' })
}

const governs = ({ policies }: PageFacts) =>
  policies.some(({ directives }) => effectiveDirective(directives, 'script-src-elem') !== undefined)

/** An inline script that appears in no page: a policy that lets it run lets any inline script run. */
const probe = '/* injected */'

const inlineClosed: PageRule = (page, report) => {
  if (!governs(page)) return
  const runs = (kind: InlineKind) =>
    page.policies.every(
      ({ directives }) => blocksInline(directives, { kind, text: probe, parserInserted: true }) === undefined,
    )
  if (runs('script')) report('inline-script-allowed', top, { subject: 'inline scripts' })
  if (runs('script attribute')) report('handler-allowed', top, { subject: 'event handlers' })
}

/** A script with the same path as a script of the page, but at another origin, must not load. */
const foreignClosed: PageRule = (page, report) => {
  if (!governs(page)) return
  const paths = page.items.flatMap((item) =>
    item.kind === 'script' ? (tryUrl(item.url, page.base)?.pathname ?? []) : [],
  )
  for (const path of new Set([...paths, '/injected.js'])) {
    const url = tryUrl(path, new URL('https://foreign.invalid'))
    if (url === undefined) continue
    const request = { directive: 'script-src-elem', url, parserInserted: true } as const
    if (page.policies.some(({ directives }) => blocksRequest(directives, request, page.self) !== undefined))
      continue
    report('foreign-script-allowed', top, { subject: path })
    return
  }
}

const baseClosed: PageRule = (page, report) => {
  if (!governs(page) || page.policies.some(({ directives }) => directives.has('base-uri'))) return
  report('base-open', top, { subject: '<base>' })
}

const policyPlace: HeadRule = ({ items }, report) => {
  for (const item of items) {
    if (item.kind === 'policy' && !item.inHead)
      report('policy-in-body', item.at, { subject: excerpt(item.content) })
  }
}

function describe(item: PageItem): string | undefined {
  switch (item.kind) {
    case 'inline-script':
      return item.nomodule ? undefined : `The inline script ${excerpt(item.text)}`
    case 'inline-style':
      return `The inline style ${excerpt(item.text)}`
    case 'script':
    case 'link':
    case 'load':
      return item.url
    case 'base':
      return '<base>'
    case 'srcdoc':
      return '<iframe srcdoc>'
    default:
      return undefined
  }
}

const policyOrder: HeadRule = ({ items }, report) => {
  const last = items.findLastIndex((item) => item.kind === 'policy' && item.inHead)
  for (const item of items.slice(0, Math.max(last, 0))) {
    const subject = describe(item)
    if (subject !== undefined) report('policy-after-content', item.at, { subject })
  }
}

const metaContent: HeadRule = ({ items }, report) => {
  for (const item of items) {
    if (item.kind !== 'policy') continue
    if (item.content.includes(',')) report('policy-comma', item.at, { subject: excerpt(item.content) })
    const text = item.content.toLowerCase()
    for (const name of metaIgnores) {
      if (text.includes(name) && parsePolicy(text).has(name))
        report('meta-directive-ignored', item.at, { subject: name })
    }
  }
}

/** Directives whose values are not source lists. */
const otherValues = new Set([
  'report-to',
  'report-uri',
  'sandbox',
  'require-trusted-types-for',
  'trusted-types',
  'plugin-types',
])

const sourcesValid: HeadRule = ({ policies }, report) => {
  for (const { directives, at, delivery } of policies) {
    for (const [directive, list] of directives) {
      if (otherValues.has(directive)) continue
      for (const subject of list.invalid) report('source-invalid', at, { subject, directive, delivery })
    }
  }
}

const charsetEarly: HeadRule = ({ source, items, encodingKnown }, report) => {
  const charset = items.find((item) => item.kind === 'charset')
  if (encodingKnown || charset?.kind !== 'charset') return
  const end = Buffer.byteLength(source.slice(0, charset.endOffset))
  if (end > 1024) report('charset-late', charset.at, { subject: String(end) })
}

/** Rules for the head of a page and the metas in it. */
export const headRules: readonly HeadRule[] = [
  policyPlace,
  policyOrder,
  metaContent,
  sourcesValid,
  charsetEarly,
]

/** Rules that are the same for every engine. */
export const pageRules: readonly PageRule[] = [
  policyMissing,
  inlineClosed,
  foreignClosed,
  baseClosed,
  ...headRules,
]
