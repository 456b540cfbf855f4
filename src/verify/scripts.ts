import { blockDetail, inlineBlockedBy, requestBlockedBy, type DocumentState } from './document-state.ts'
import { mergeImportMaps, parseImportMap, tryUrl } from './import-map.ts'
import { digest, integrityHolds, parseIntegrity } from './integrity.ts'
import { fetchModule } from './module-fetch.ts'
import { readScriptReferences } from './modules.ts'
import type { PageItem } from './page-items.ts'
import { checkBytes } from './pins.ts'
import { unsafeInlineIsOff, type InlineContent, type InlineKind } from './policy-rules.ts'
import type { RefusalCode } from './refusals.ts'
import { nameOf } from './files-by-url.ts'

type Item<Kind extends PageItem['kind']> = Extract<PageItem, { readonly kind: Kind }>

/** The beginning of a text, on one line. */
export function excerpt(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ')
  return line.length > 60 ? `${line.slice(0, 57)}…` : line
}

const inlineCodes: Readonly<Record<InlineKind, RefusalCode>> = {
  script: 'inline-script-blocked',
  'script attribute': 'handler-blocked',
  navigation: 'javascript-url-blocked',
  style: 'inline-style-blocked',
  'style attribute': 'style-attribute-blocked',
}

/** Checks inline content and reports a violation. False if the content is blocked. */
export function judgeInline(
  state: DocumentState,
  item: PageItem,
  content: InlineContent,
  code: RefusalCode = inlineCodes[content.kind],
): boolean {
  const blocked = inlineBlockedBy(state, content)
  if (blocked === undefined) return true
  const detail = blockDetail(blocked)
  const expected = `sha384-${digest('sha384', content.text)}`
  state.report(code, item.at, { subject: excerpt(content.text), expected, ...detail })
  const { list, policy } = blocked
  if (content.kind === 'script' && unsafeInlineIsOff(list) && !list.keywords.has("'strict-dynamic'")) {
    const culprit = list.hashes[0]?.expression ?? 'A nonce'
    state.report('fence-broken', policy.at, { subject: culprit, ...detail })
  }
  return false
}

export function visitInlineScript(state: DocumentState, item: Item<'inline-script'>): void {
  const { type, text, nonce } = item
  if (item.nomodule || (type === 'speculationrules' && !state.engine.speculationRules)) return
  const speculationRules = type === 'speculationrules'
  const content = { kind: 'script', text, nonce, parserInserted: !item.inTemplate, speculationRules } as const
  if (item.inTemplate) return void judgeInline(state, item, content, 'template-script-blocked')
  if (speculationRules) return void judgeInline(state, item, content, 'speculation-rules-blocked')
  if (type === 'importmap') return visitImportMap(state, item, content)
  if (!judgeInline(state, item, content)) return
  if (type === 'module') state.moduleSeen = true
  const references = readScriptReferences(text)
  const name = 'an inline script'
  state.running.push({ references, base: state.base, parserInserted: true, name, at: item.at })
  followLoader(state, item, new Set(references.workers.map(({ specifier }) => specifier)))
}

/**
 * A script that creates script elements has their URLs as string literals. The created scripts are not parser-inserted;
 * they are pinned if the code contains a matching integrity hash. Workers are excluded: `worker-src` governs them.
 */
function followLoader(state: DocumentState, item: Item<'inline-script'>, workers: ReadonlySet<string>): void {
  if (!/createElement\(/.test(item.text) || !/["'`]script["'`]/.test(item.text)) return
  const tokens = item.text.match(/sha(?:256|384|512)-[\w+/-]+={0,2}/g) ?? []
  for (const match of item.text.matchAll(/(["'`])([^"'`\s]+\.m?js)\1/g)) {
    const named = match[2] ?? ''
    const url = workers.has(named) ? undefined : tryUrl(named, state.base)
    if (url === undefined || state.files.references(url) === undefined) continue
    const integrity = tokens.find((token) => {
      const [hash] = parseIntegrity(token)
      return hash !== undefined && state.files.digest(url, hash.algorithm) === hash.value
    })
    const importer = 'an inline script'
    fetchModule(state, { url, at: item.at, importer, route: 'script-made', parserInserted: false, integrity })
  }
}

function visitImportMap(state: DocumentState, item: Item<'inline-script'>, content: InlineContent): void {
  if (!judgeInline(state, item, content, 'import-map-blocked')) return
  if (state.engine.singleEarlyImportMap) {
    if (state.importMapSeen)
      return state.report('import-map-second', item.at, { subject: excerpt(item.text) })
    if (state.moduleSeen) return state.report('import-map-late', item.at, { subject: excerpt(item.text) })
  }
  state.importMapSeen = true
  const { map, error, ignored } = parseImportMap(item.text, state.base)
  if (map === undefined) return state.report('import-map-invalid', item.at, { subject: error ?? '' })
  for (const key of ignored) state.report('import-map-key-ignored', item.at, { subject: key })
  state.importMap = state.importMap === undefined ? map : mergeImportMaps(state.importMap, map)
  for (const href of map.integrity.keys()) {
    judgePin(state, item, new URL(href), map.integrity.get(href))
  }
}

/** Checks a pin against its file even if no script of this page imports the file. */
function judgePin(state: DocumentState, item: PageItem, url: URL, integrity: string | undefined): void {
  const found = state.files.find(url)
  if (found.kind === 'missing') return state.report('integrity-stale', item.at, { subject: found.path })
  const hashes = parseIntegrity(integrity)
  if (
    found.bytes === undefined ||
    integrityHolds(hashes, (algorithm) => state.files.digest(url, algorithm) ?? '')
  )
    return
  const algorithm = hashes[0]?.algorithm ?? 'sha384'
  const expected = `${algorithm}-${state.files.digest(url, algorithm)}`
  state.report('integrity-stale', item.at, { subject: nameOf(state.files, url), expected })
}

export function visitScript(state: DocumentState, item: Item<'script'>): void {
  const { at, integrity, nonce, crossorigin } = item
  const url = tryUrl(item.url, state.base)
  if (url === undefined) return
  const pin = integrity === undefined ? 'none' : 'attribute'
  // Only legacy engines run a nomodule script, but its bytes must match its pin all the same.
  if (item.nomodule) return void checkBytes(state, { url, at, integrity, pin, crossorigin })
  if (item.type === 'module') {
    state.moduleSeen = true
    const parserInserted = state.engine.moduleElementIsParserInserted
    return fetchModule(state, { url, at, integrity, nonce, route: 'element', parserInserted })
  }
  const hashes = parseIntegrity(integrity)
  const subject = nameOf(state.files, url)
  const request = {
    directive: 'script-src-elem',
    url,
    nonce,
    integrity: hashes,
    parserInserted: true,
  } as const
  const blocked = requestBlockedBy(state, request)
  if (blocked !== undefined) {
    const code = url.protocol === 'data:' ? 'data-url-script-blocked' : 'external-script-blocked'
    return state.report(code, at, { subject, expected: integrity, ...blockDetail(blocked) })
  }
  if (state.integrityPolicy && hashes.length === 0)
    return state.report('integrity-policy-blocked', at, { subject })
  if (!checkBytes(state, { url, at, integrity, pin, crossorigin })) return
  const references = state.files.references(url)
  if (references === undefined) return
  state.running.push({ references, base: url, parserInserted: true, name: subject, at })
}
