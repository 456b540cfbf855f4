import { blockDetail, requestBlockedBy, type DocumentState, type RunningScript } from './document-state.ts'
import { resolveSpecifier, tryUrl } from './import-map.ts'
import { fetchModule } from './module-fetch.ts'
import type { ModuleImport } from './modules.ts'
import { checkBytes, mappedIntegrity } from './pins.ts'
import { followStyleFile } from './styles.ts'
import { nameOf, resolvePreload } from './files-by-url.ts'

/** Follows everything that the scripts of a document load, until nothing new turns up. */
export function followScripts(state: DocumentState): void {
  const styles = new Map<string, { readonly url: URL; readonly script: RunningScript }>()
  let helperPins = true
  for (let script = state.running.shift(); script !== undefined; script = state.running.shift()) {
    const { references } = script
    if (references.preloadHelper === 'plain') helperPins = false
    if (references.error !== undefined) {
      state.report('script-unreadable', script.at, { subject: script.name, expected: references.error })
    }
    for (const entry of references.imports.toSorted((a, b) => Number(a.dynamic) - Number(b.dynamic))) {
      for (const preload of entry.preloads) followPreload(state, script, preload)
      followImport(state, script, entry)
    }
    for (const entry of references.preloadList) {
      const url = resolvePreload(state.files, entry, script.base)
      if (url === undefined) continue
      if (url.pathname.endsWith('.css')) styles.set(url.href, { url, script })
      // `entry.preloads` above assigns the scripts of the list to their imports; here, check only that each exists.
      else reportIfMissing(state, script, url)
    }
    for (const worker of references.workers) {
      const base = worker.relativeTo === 'file' ? script.base : state.base
      followWorker(state, script, tryUrl(worker.specifier, base))
    }
  }
  for (const { url, script } of styles.values()) {
    // If the page already links a stylesheet, the preload helper does not link it again.
    if (!state.linkedStyles.has(url.href)) followLazyStyle(state, script, url, helperPins)
  }
}

function followImport(state: DocumentState, script: RunningScript, entry: ModuleImport): void {
  const url = resolveSpecifier(state.importMap, entry.specifier, script.base)
  const { at, name: importer } = script
  if (url === undefined) {
    if (entry.tried) return
    state.report('import-unresolved', at, { subject: entry.specifier, importer })
    return
  }
  const parserInserted = script.parserInserted && state.engine.importsInheritParserInserted
  fetchModule(state, { url, at, importer, route: 'import', parserInserted })
}

/** A link created by a script is not parser-inserted. */
function followPreload(state: DocumentState, script: RunningScript, entry: string): void {
  const url = resolvePreload(state.files, entry, script.base)
  if (url === undefined || url.pathname.endsWith('.css')) return
  fetchModule(state, {
    url,
    at: script.at,
    importer: script.name,
    route: 'script-preload',
    parserInserted: false,
  })
}

function followLazyStyle(state: DocumentState, script: RunningScript, url: URL, helperPins: boolean): void {
  const { at, name: importer } = script
  const blocked = requestBlockedBy(state, { directive: 'style-src-elem', url, parserInserted: false })
  if (blocked !== undefined) {
    const subject = nameOf(state.files, url)
    state.report('stylesheet-blocked', at, { subject, importer, ...blockDetail(blocked) })
    return
  }
  const integrity = helperPins ? mappedIntegrity(state, url) : undefined
  const pin = integrity === undefined ? 'none' : 'import-map'
  const load = { url, at, importer, integrity, pin, crossorigin: 'anonymous' } as const
  if (checkBytes(state, load)) followStyleFile(state, url, at)
}

/** Browsers check no integrity for a worker or its imports, so the only possible check is that the files exist. */
function followWorker(state: DocumentState, script: RunningScript, url: URL | undefined): void {
  if (url === undefined) return
  const { at, name: importer } = script
  const blocked = requestBlockedBy(state, { directive: 'worker-src', url, parserInserted: false })
  if (blocked !== undefined) {
    const subject = nameOf(state.files, url)
    state.report('worker-blocked', at, { subject, importer, ...blockDetail(blocked) })
    return
  }
  const seen = new Set<string>()
  const queue = [{ url, importer }]
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (seen.has(next.url.href)) continue
    seen.add(next.url.href)
    const subject = nameOf(state.files, next.url)
    if (reportIfMissing(state, { at, name: next.importer }, next.url)) continue
    for (const entry of state.files.references(next.url)?.imports ?? []) {
      const imported = resolveSpecifier(undefined, entry.specifier, next.url)
      if (imported !== undefined) queue.push({ url: imported, importer: subject })
    }
  }
}

function reportIfMissing(
  state: DocumentState,
  script: Pick<RunningScript, 'at' | 'name'>,
  url: URL,
): boolean {
  const found = state.files.find(url)
  if (found.kind !== 'missing') return false
  state.report('file-missing', script.at, { subject: found.path, importer: script.name })
  return true
}
