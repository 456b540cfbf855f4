import { escapeAttribute } from '../core/html/escape.ts'
import type { Site } from '../core/site/model.ts'
import { documentBaseUrl, requestUrls, writtenUrl } from '../core/site/urls.ts'

/**
 * The fields of Vite's manifest that determine which files a page must load.
 * @see https://vite.dev/guide/backend-integration
 */
interface ManifestChunk {
  readonly file: string
  readonly isEntry?: boolean
  readonly css?: readonly string[]
  readonly imports?: readonly string[]
}

type Manifest = Readonly<Record<string, ManifestChunk>>

/** An entry that no page of the build loads, with the tags that a page needs to load it. */
export interface ManifestEntry {
  /** Its key in the manifest, which back ends use to look it up. */
  readonly name: string
  /** The chunk, or the stylesheet. */
  readonly file: string
  /** Tags as Vite recommends them: stylesheets, the script, and a modulepreload for each static import. */
  readonly tags: readonly string[]
}

/** Pages are also in the manifest, and entries of the legacy build are loaded by its own loader. */
const isOther = (name: string): boolean => /\.html?$|-legacy(?:\.[^.]+)?$|vite\/legacy-polyfills/i.test(name)

/** A chunk followed by all its static imports, without duplicates. */
function withImports(
  manifest: Manifest,
  name: string,
  seen = new Map<string, ManifestChunk>(),
): Map<string, ManifestChunk> {
  const chunk = manifest[name]
  if (!chunk || seen.has(name)) return seen
  seen.set(name, chunk)
  for (const one of chunk.imports ?? []) withImports(manifest, one, seen)
  return seen
}

/** A dummy page of the back end, used to resolve URLs. */
const PAGE = 'index.html'

/** The entries of a manifest, with the tags that a back end must write for each. */
export function manifestEntries(json: string, site: Pick<Site, 'base' | 'file' | 'urlOf'>): ManifestEntry[] {
  const manifest = JSON.parse(json) as Manifest
  const document = documentBaseUrl(site, PAGE, undefined)
  const url = (file: string): string =>
    requestUrls(site, file, PAGE)
      .slice(0, 1)
      .map((requested) => escapeAttribute(writtenUrl(requested, document)))
      .join('')
  const style = (file: string): string => `<link rel="stylesheet" crossorigin href="${url(file)}">`
  const entries = Object.entries(manifest).filter(([name, { isEntry }]) => isEntry && !isOther(name))
  return entries.map(([name, { file }]) => {
    if (/\.css$/i.test(file)) return { name, file, tags: [style(file)] }
    const [, ...imported] = withImports(manifest, name).values()
    const styles = new Set([...withImports(manifest, name).values()].flatMap(({ css }) => css ?? []))
    return {
      name,
      file,
      tags: [
        ...[...styles].map(style),
        `<script type="module" crossorigin src="${url(file)}"></script>`,
        ...imported.map((one) => `<link rel="modulepreload" crossorigin href="${url(one.file)}">`),
      ],
    }
  })
}
