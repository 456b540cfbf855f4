import {
  blockDetail,
  requestBlockedBy,
  type Blocked,
  type DocumentState,
  type Pin,
} from './document-state.ts'
import { parseIntegrity } from './integrity.ts'
import type { Position } from './page-items.ts'
import { checkBytes, mappedIntegrity } from './pins.ts'
import type { RefusalCode } from './refusals.ts'
import { nameOf } from './files-by-url.ts'

/** The cause of a module fetch. */
export type ModuleRoute = 'element' | 'import' | 'modulepreload' | 'script-preload' | 'script-made'

export interface ModuleFetch {
  readonly url: URL
  readonly at: Position
  readonly route: ModuleRoute
  readonly parserInserted: boolean
  readonly importer?: string | undefined
  readonly integrity?: string | undefined
  readonly nonce?: string | undefined
}

interface Metadata {
  readonly integrity: string | undefined
  readonly pin: Pin
}

function metadataOf(state: DocumentState, fetch: ModuleFetch): Metadata {
  if (fetch.integrity !== undefined) {
    return { integrity: fetch.integrity, pin: fetch.route === 'script-made' ? 'inline' : 'attribute' }
  }
  const mapped = mappedIntegrity(state, fetch.url)
  return { integrity: mapped, pin: mapped === undefined ? 'none' : 'import-map' }
}

function policyBlock(
  state: DocumentState,
  fetch: ModuleFetch,
  { integrity, pin }: Metadata,
): Blocked | undefined {
  const counts =
    pin !== 'import-map' || fetch.route !== 'import' || state.engine.importMapIntegrityAllowsImports
  return requestBlockedBy(state, {
    directive: 'script-src-elem',
    url: fetch.url,
    nonce: fetch.nonce,
    integrity: counts ? parseIntegrity(integrity) : [],
    parserInserted: fetch.parserInserted,
  })
}

function codeOf(fetch: ModuleFetch, blocked: Blocked): RefusalCode {
  if (fetch.url.protocol === 'data:') return 'data-url-script-blocked'
  if (fetch.route === 'modulepreload') return 'modulepreload-blocked'
  if (fetch.route !== 'import') return 'external-script-blocked'
  return blocked.list.keywords.has("'strict-dynamic'") ? 'parser-inserted-import' : 'import-blocked'
}

function restart(state: DocumentState, { url, parserInserted }: ModuleFetch): void {
  const index = state.running.findIndex(({ base }) => base.href === url.href)
  const script = state.running[index]
  if (script) state.running[index] = { ...script, parserInserted }
}

/** A module in the module map is not fetched again, so browsers check no policy for it. */
function judgeKnown(state: DocumentState, fetch: ModuleFetch, metadata: Metadata): void {
  const record = state.modules.get(fetch.url.href)
  if (record === undefined || !record.preloadedOnly) return
  if (fetch.route === 'modulepreload' || fetch.route === 'script-preload') return
  record.preloadedOnly = false
  // Measured in Firefox: imports of a preloaded module inherit the status of the script element that starts it.
  if (fetch.route === 'script-made') restart(state, fetch)
  const blocked = policyBlock(state, fetch, metadata)
  if (blocked === undefined) return
  const subject = nameOf(state.files, fetch.url)
  state.report('preload-dependent-import', fetch.at, {
    subject,
    importer: fetch.importer,
    ...blockDetail(blocked),
  })
}

/**
 * Fetches a module as an engine would and queues it to run; its own imports are judged later.
 * @see https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-single-module-script
 */
export function fetchModule(state: DocumentState, fetch: ModuleFetch): void {
  const { files, modules, engine } = state
  const { url, at, importer } = fetch
  const metadata = metadataOf(state, fetch)
  if (modules.has(url.href)) return judgeKnown(state, fetch, metadata)
  const subject = nameOf(files, url)
  const blocked = policyBlock(state, fetch, metadata)
  if (blocked !== undefined) {
    // The import that follows this preload is refused too, and reporting that one is more useful.
    if (fetch.route === 'script-preload') return
    if (fetch.route !== 'modulepreload') modules.set(url.href, undefined)
    const expected = metadata.integrity ?? digestHint(state, url)
    return state.report(codeOf(fetch, blocked), at, { subject, importer, expected, ...blockDetail(blocked) })
  }
  const seesIntegrity =
    metadata.pin !== 'none' && (metadata.pin !== 'import-map' || engine.integrityPolicySeesImportMap)
  if (state.integrityPolicy && !seesIntegrity) {
    modules.set(url.href, undefined)
    return state.report('integrity-policy-blocked', at, { subject, importer })
  }
  const runs = checkBytes(state, { url, at, importer, ...metadata, crossorigin: 'anonymous' })
  if (!runs) return void modules.set(url.href, undefined)
  const preloadedOnly = fetch.route === 'modulepreload' || fetch.route === 'script-preload'
  modules.set(url.href, { url, parserInserted: fetch.parserInserted, preloadedOnly, pin: metadata.pin })
  const references = files.references(url)
  if (references === undefined) return
  state.running.push({ references, base: url, parserInserted: fetch.parserInserted, name: subject, at })
}

function digestHint(state: DocumentState, url: URL): string | undefined {
  const value = state.files.digest(url, 'sha384')
  return value === undefined ? undefined : `sha384-${value}`
}
