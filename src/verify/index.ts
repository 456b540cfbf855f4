/**
 * The oracle: re-reads a finished site and decides by its own rules what a browser would refuse.
 * It shares no code with the writers of policies, so a bug there cannot hide here.
 */
import { parsePolicyHeader, type Directives } from './source-list.ts'
import { createDocument, type EnforcedPolicy } from './document-state.ts'
import { verifyDocument } from './document.ts'
import { engines, type Engine } from './engines.ts'
import { createHashLedger, type HashLedger } from './hash-ledger.ts'
import { readPage } from './read-page.ts'
import { pageRules } from './page-rules.ts'
import { createCollector, type Collector } from './collector.ts'
import type { Refusal } from './refusals.ts'
import { moduleReports, type PageReport } from './collector.ts'
import { createSiteFiles, type SiteFiles } from './files-by-url.ts'
import type { VerifySite } from './files-by-url.ts'

export type { Engine, Refusal, PageReport, VerifySite }
export { verifyHead } from './head.ts'
export { refusalRules, type RefusalCode } from './refusals.ts'

interface Session {
  readonly site: VerifySite
  readonly files: SiteFiles
  readonly ledger: HashLedger
  /** Caches parsed policy headers, because many pages have the same header. */
  readonly headers: Map<string, readonly { text: string; directives: Directives }[]>
}

const top = { line: 1, column: 1 }

export interface SiteVerdict {
  readonly refusals: Refusal[]
  readonly pages: PageReport[]
  /** HTML files that are not documents. They run nothing, so they need no policy. */
  readonly fragments: string[]
}

/** Matches a doctype, an element that starts a document or belongs in its head, or anything that could run a script. */
const DOCUMENT = /<(?:!doctype|html|head|body|frameset|title|meta|base|script)[\s/>]|srcdoc/i

/**
 * Reports everything that each of three engines would refuse to run or load on each page of a site, and everything
 * that the pages leave unprotected. A good site has no refusals of any severity. Never throws because of the content
 * of a page.
 * @throws TypeError if `base` or `origin` is not a valid URL.
 */
export function verifySite(site: VerifySite): SiteVerdict {
  const files = createSiteFiles(site)
  const session: Session = { site, files, ledger: createHashLedger(), headers: new Map() }
  const refusals: Refusal[] = []
  const pages: PageReport[] = []
  const fragments: string[] = []
  for (const page of site.pages()) {
    const bytes = site.read(page)
    if (bytes && isFragment(bytes)) {
      fragments.push(page)
      continue
    }
    const collector = createCollector(page)
    pages.push(verifyPage(session, page, collector))
    refusals.push(...collector.refusals())
  }
  for (const { page, at, detail } of session.ledger.unused()) {
    const collector = createCollector(page)
    for (const { name } of engines) collector.report(name)('hash-unused', at, detail)
    refusals.push(...collector.refusals())
  }
  return { refusals, pages, fragments }
}

function verifyPage(session: Session, page: string, collector: Collector): PageReport {
  const { site, files, ledger } = session
  const documentUrl = files.pageUrl(page)
  const headers = readHeaders(session, documentUrl, page)
  const bytes = site.read(page)
  const everywhere = collector.report(...engines.map(({ name }) => name))
  if (bytes === undefined) {
    everywhere('file-missing', top, { subject: page })
    return { page, policies: [], modules: [] }
  }
  const source = decode(bytes, () => everywhere('page-encoding', top, { subject: page }))
  const items = readPage(source)
  const states = engines.map((engine) =>
    createDocument({
      files,
      engine,
      report: collector.report(engine.name),
      policies: [...headers.policies],
      integrityPolicy: headers.integrityPolicy,
      documentUrl,
      base: documentUrl,
    }),
  )
  if (headers.scriptsSandboxed) everywhere('sandboxed-scripts', top, { subject: page })
  else for (const state of states) verifyDocument(items, state)
  const policies = states[0]?.policies ?? []
  const self = files.self
  const base = states[0]?.base ?? documentUrl
  const facts = {
    source,
    self,
    base,
    items,
    policies,
    encodingKnown: headers.charset || hasByteOrderMark(bytes),
  }
  for (const rule of pageRules) rule(facts, everywhere)
  for (const { delivery, directives, at } of policies) ledger.list(page, delivery, directives, at)
  ledger.use(items)
  return {
    page,
    policies: policies.map(({ delivery, text, at }) => ({ delivery, text, ...at })),
    modules: moduleReports(states),
  }
}

interface PageHeaders {
  readonly policies: readonly EnforcedPolicy[]
  readonly integrityPolicy: boolean
  readonly scriptsSandboxed: boolean
  readonly charset: boolean
}

function readHeaders(session: Session, documentUrl: URL, page: string): PageHeaders {
  const policies: EnforcedPolicy[] = []
  let integrityPolicy = false
  let charset = false
  for (const [name, value] of session.site.headers?.(documentUrl.pathname, page) ?? []) {
    switch (name.toLowerCase()) {
      case 'content-security-policy': {
        const parsed = session.headers.get(value) ?? parsePolicyHeader(value)
        session.headers.set(value, parsed)
        policies.push(...parsed.map((policy) => ({ ...policy, delivery: 'header' as const, at: top })))
        break
      }
      case 'integrity-policy':
        integrityPolicy ||= /blocked-destinations=\([^)]*\bscript\b/.test(value)
        break
      case 'content-type':
        charset ||= /charset=/i.test(value)
        break
    }
  }
  const scriptsSandboxed = policies.some(({ directives }) => {
    const flags = directives.get('sandbox')?.tokens
    return flags !== undefined && !flags.some((flag) => flag.toLowerCase() === 'allow-scripts')
  })
  return { policies, integrityPolicy, scriptsSandboxed, charset }
}

function isFragment(bytes: Uint8Array): boolean {
  // In an encoding other than UTF-8, the pattern would find no tags, so treat the file as a document.
  let readable = true
  const text = decode(bytes, () => (readable = false))
  return readable && !DOCUMENT.test(text)
}

function hasByteOrderMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
}

function decode(bytes: Uint8Array, onInvalid: () => void): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    onInvalid()
    return new TextDecoder().decode(bytes)
  }
}
