import type { DocumentState, Pin } from './document-state.ts'
import { integrityHolds, parseIntegrity } from './integrity.ts'
import type { Position } from './page-items.ts'
import { nameOf } from './files-by-url.ts'

export interface PinnedLoad {
  readonly url: URL
  readonly at: Position
  readonly importer?: string | undefined
  /** The integrity metadata as written; `pin` tells where it was found. */
  readonly integrity: string | undefined
  readonly pin: Pin
  /** `undefined` for an element without the attribute, which requests without CORS. Modules always use CORS. */
  readonly crossorigin: string | undefined
}

/**
 * The integrity metadata for a URL in the import map.
 * @see https://html.spec.whatwg.org/multipage/webappapis.html#resolving-a-module-integrity-metadata
 */
export function mappedIntegrity(state: DocumentState, url: URL): string | undefined {
  return state.importMap?.integrity.get(url.href)
}

/** Checks the bytes of a file against its integrity and reports problems. False if a browser would not run the file. */
export function checkBytes(state: DocumentState, load: PinnedLoad): boolean {
  const { files, report } = state
  const { url, at, importer, integrity } = load
  const found = files.find(url)
  const subject = nameOf(files, url)
  if (found.kind === 'missing') {
    report('file-missing', at, { subject, importer })
    return false
  }
  const hashes = parseIntegrity(integrity)
  if (hashes.length === 0) {
    if (integrity !== undefined && integrity.trim() !== '')
      report('integrity-invalid', at, { subject, importer })
    if (found.kind === 'file') report('integrity-missing', at, { subject, importer })
    return true
  }
  if (url.origin !== files.self.origin && url.protocol !== 'data:' && load.crossorigin === undefined) {
    report('integrity-needs-cors', at, { subject, importer })
    return false
  }
  if (found.bytes === undefined) return true
  if (integrityHolds(hashes, (algorithm) => files.digest(url, algorithm) ?? '')) return true
  const algorithm = hashes[0]?.algorithm ?? 'sha384'
  report('integrity-mismatch', at, {
    subject,
    importer,
    expected: `${algorithm}-${files.digest(url, algorithm)}`,
  })
  return false
}
