import { blockDetail, createDocument, requestBlockedBy, type DocumentState } from './document-state.ts'
import { parsePolicy, parsePolicyHeader } from './source-list.ts'
import { tryUrl } from './import-map.ts'
import { parseIntegrity } from './integrity.ts'
import { fetchModule } from './module-fetch.ts'
import type { LoadDirective, PageItem } from './page-items.ts'
import { checkBytes } from './pins.ts'
import type { Governing } from './policy-rules.ts'
import type { RefusalCode } from './refusals.ts'
import { followScripts } from './running-scripts.ts'
import { excerpt, judgeInline, visitInlineScript, visitScript } from './scripts.ts'
import { nameOf } from './files-by-url.ts'
import { followStyleFile, followStyleText } from './styles.ts'

type Item<Kind extends PageItem['kind']> = Extract<PageItem, { readonly kind: Kind }>

/** Walks a document in source order as one engine would, then follows everything its scripts load. */
export function verifyDocument(items: readonly PageItem[], state: DocumentState): void {
  for (const item of items) visit(item, state)
  followScripts(state)
}

function visit(item: PageItem, state: DocumentState): void {
  switch (item.kind) {
    case 'policy':
      if (!item.inHead) return
      visitPolicy(state, item)
      return
    case 'charset':
      return
    case 'base':
      return visitBase(state, item)
    case 'inline-script':
      return visitInlineScript(state, item)
    case 'script':
      return visitScript(state, item)
    case 'link':
      return visitLink(state, item)
    case 'inline-style': {
      const { text, nonce, at } = item
      if (judgeInline(state, item, { kind: 'style', text, nonce, parserInserted: true })) {
        followStyleText(state, text, at, 'an inline style')
      }
      return
    }
    case 'style-attribute': {
      const { text, at } = item
      if (judgeInline(state, item, { kind: 'style attribute', text, parserInserted: true })) {
        followStyleText(state, text, at, 'a style attribute')
      }
      return
    }
    case 'handler':
      judgeInline(state, item, { kind: 'script attribute', text: item.text, parserInserted: true })
      return
    case 'javascript-url':
      judgeInline(state, item, { kind: 'navigation', text: item.text, parserInserted: true })
      return
    case 'load':
      return judgeLoad(state, item, item.url, item.directive, loadCodes[item.directive])
    case 'srcdoc':
      if (item.inTemplate) return visitInert(state, item.items)
      return verifyDocument(item.items, createDocument({ ...state, policies: [...state.policies] }))
  }
}

/** In a frame inside a template, checks only inline scripts: they run once a clone of the template is inserted. */
function visitInert(state: DocumentState, items: readonly PageItem[]): void {
  for (const item of items) {
    if (item.kind !== 'inline-script' || item.nomodule) continue
    const { text, nonce, inTemplate } = item
    const content = { kind: 'script', text, nonce, parserInserted: !inTemplate } as const
    judgeInline(state, item, content, 'template-script-blocked')
  }
}

function visitPolicy(state: DocumentState, item: Item<'policy'>): void {
  const { content, at } = item
  const parsed = state.engine.metaSplitsAtComma
    ? parsePolicyHeader(content)
    : [{ text: content, directives: parsePolicy(content) }]
  state.policies.push(...parsed.map((policy) => ({ ...policy, delivery: 'meta' as const, at })))
}

const loadCodes: Readonly<Record<LoadDirective, RefusalCode>> = {
  'img-src': 'image-blocked',
  'media-src': 'media-blocked',
  'object-src': 'object-blocked',
  'frame-src': 'frame-blocked',
  'manifest-src': 'manifest-blocked',
  'form-action': 'form-action-blocked',
}

function judgeLoad(
  state: DocumentState,
  item: PageItem,
  href: string,
  directive: Governing,
  code: RefusalCode,
): void {
  const url = tryUrl(href, state.base)
  if (url === undefined || url.protocol === 'about:' || url.protocol === 'javascript:') return
  const blocked = requestBlockedBy(state, { directive, url, parserInserted: true })
  if (blocked === undefined) return
  state.report(code, item.at, { subject: nameOf(state.files, url), ...blockDetail(blocked) })
}

/** Only the first `<base href>` counts; if a policy blocks it, the base URL stays unchanged. */
function visitBase(state: DocumentState, item: Item<'base'>): void {
  if (state.baseSeen) return
  state.baseSeen = true
  const url = tryUrl(item.href, state.documentUrl)
  if (url === undefined || url.protocol === 'data:' || url.protocol === 'javascript:') return
  const blocked = requestBlockedBy(state, { directive: 'base-uri', url, parserInserted: true })
  if (blocked === undefined) state.base = url
  else state.report('base-blocked', item.at, { subject: excerpt(item.href), ...blockDetail(blocked) })
}

function visitLink(state: DocumentState, item: Item<'link'>): void {
  const { at, integrity, nonce, crossorigin } = item
  const url = tryUrl(item.url, state.base)
  if (url === undefined) return
  if (item.rel === 'preload') return visitPreload(state, item, url)
  if (item.rel === 'modulepreload') {
    state.moduleSeen = true
    const parserInserted = state.engine.modulePreloadIsParserInserted
    return fetchModule(state, { url, at, integrity, nonce, route: 'modulepreload', parserInserted })
  }
  const blocked = requestBlockedBy(state, { directive: 'style-src-elem', url, nonce, parserInserted: true })
  if (blocked !== undefined) {
    const subject = nameOf(state.files, url)
    return state.report('stylesheet-blocked', at, { subject, ...blockDetail(blocked) })
  }
  state.linkedStyles.add(url.href)
  if (checkBytes(state, { url, at, integrity, pin: 'attribute', crossorigin }))
    followStyleFile(state, url, at)
}

const preloadDirectives: Readonly<Record<string, Governing>> = {
  script: 'script-src-elem',
  style: 'style-src-elem',
  font: 'font-src',
  image: 'img-src',
  fetch: 'connect-src',
  audio: 'media-src',
  video: 'media-src',
  track: 'media-src',
}

/** A preload runs nothing, so a pin is not required; if it has one, the bytes must match. */
function visitPreload(state: DocumentState, item: Item<'link'>, url: URL): void {
  const { at, integrity, nonce, crossorigin } = item
  const directive = preloadDirectives[item.as]
  if (directive === undefined) return
  const parserInserted = state.engine.scriptPreloadIsParserInserted
  const request = { directive, url, nonce, integrity: parseIntegrity(integrity), parserInserted }
  const blocked = requestBlockedBy(state, request)
  if (blocked !== undefined) {
    const subject = nameOf(state.files, url)
    return state.report('preload-blocked', at, { subject, ...blockDetail(blocked) })
  }
  if (integrity !== undefined) checkBytes(state, { url, at, integrity, pin: 'attribute', crossorigin })
  else if (state.files.find(url).kind === 'missing') {
    state.report('file-missing', at, { subject: nameOf(state.files, url) })
  }
}
