import type { IntegrityMetadata } from '../core/site/model.ts'

/** The fields of an entry in Vite's manifest that name files. */
interface ManifestEntry {
  readonly file: string
  readonly css?: readonly string[]
  integrity?: IntegrityMetadata
  cssIntegrity?: (IntegrityMetadata | null)[]
}

function isManifest(value: unknown): value is Record<string, ManifestEntry> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.values(value).every(
    (entry: unknown) =>
      typeof entry === 'object' && entry !== null && 'file' in entry && typeof entry.file === 'string',
  )
}

/**
 * Adds integrity metadata to Vite's manifest, for back ends that render their own HTML: `integrity` for the `file`
 * of each entry, and `cssIntegrity` beside `css`, in the same order. Stylesheets get entries of their own too,
 * because some back ends look up the entry whose `file` is the stylesheet. `undefined` if the file is not such a
 * manifest.
 * @see https://vite.dev/guide/backend-integration
 */
export function manifestWithIntegrity(
  json: string,
  digestOf: (path: string) => IntegrityMetadata | undefined,
): string | undefined {
  const manifest: unknown = JSON.parse(json)
  if (!isManifest(manifest)) return undefined
  const named = new Set<string>()
  const styles = new Set<string>()
  for (const entry of Object.values(manifest)) {
    named.add(entry.file)
    const integrity = digestOf(entry.file)
    if (integrity) entry.integrity = integrity
    if (!entry.css) continue
    entry.cssIntegrity = entry.css.map((file) => digestOf(file) ?? null)
    for (const file of entry.css) styles.add(file)
  }
  for (const file of [...styles].toSorted()) {
    const integrity = digestOf(file)
    if (integrity && !named.has(file)) manifest[file] ??= { file, integrity }
  }
  return JSON.stringify(manifest, undefined, 2)
}
