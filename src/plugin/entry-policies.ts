import { basename, dirname, join } from 'node:path/posix'
import { scanPage } from '../core/html/scan.ts'
import { isImportMap } from '../core/page/import-map.ts'
import { digest } from '../core/site/digest.ts'
import type { HashAlgorithm, Site } from '../core/site/model.ts'
import { isRelativeBase } from '../core/site/urls.ts'
import type { ResolvedOptions } from '../options.ts'
import type { HeaderField } from '../outputs/fields.ts'
import { headersOf, manifestVersion } from '../outputs/json.ts'
import type { Output, OutputFile } from '../outputs/output.ts'
import { type SecuredPage, type SecuredSite, secureSite } from '../pipeline.ts'
import { type ManifestEntry, manifestEntries } from './manifest-entries.ts'

const FILE = 'csp-hashes.json'

/** Default placeholder for the nonce of a response, if the options set none. */
const NONCE = '{{nonce}}'

const HEAD = '<!doctype html><html><head><meta charset="utf-8">'
const MAP = '<script type="importmap"'
const REST = '</head><body></body></html>'

/** The policies and tags for a page that loads an entry, or several. */
interface EntryPolicies {
  /** Null if the entry loads no chunk lazily, so that there is nothing to pin. */
  readonly importMap: { readonly text: string; readonly hash: string; readonly tag: string } | null
  readonly tags: string
  readonly headers: readonly HeaderField[]
  readonly nonceHeaders: readonly HeaderField[]
}

export interface SecuredEntries {
  readonly file: OutputFile
  readonly secured: SecuredSite & { readonly pages: readonly (SecuredPage & { readonly place: string })[] }
}

/** Separates the import map from the other tags: it must come first and only once in a page. */
function parts(
  { path, html }: SecuredPage,
  algorithm: HashAlgorithm,
): Pick<EntryPolicies, 'importMap' | 'tags'> {
  const { resources, strays } = scanPage(path, html)
  const map = resources.find(isImportMap)?.span ?? strays.find(({ start }) => html.startsWith(MAP, start))
  if (!map) return { importMap: null, tags: html.slice(HEAD.length, -REST.length).trim() }
  const tag = html.slice(map.start, map.end)
  const text = tag.slice(tag.indexOf('>') + 1, tag.lastIndexOf('<'))
  return {
    importMap: { text, hash: digest(text, algorithm), tag },
    tags: (html.slice(HEAD.length, map.start) + html.slice(map.end, -REST.length)).trim(),
  }
}

/**
 * The policies of the entries in Vite's manifest, for back ends that render their own pages. Each entry goes
 * through the pipeline as the head of a page, and all entries together as another page. `undefined` if pages of
 * the build load every entry.
 */
export function secureEntries(
  manifest: { readonly path: string; readonly json: string },
  site: Site,
  options: ResolvedOptions,
  importMap: string | undefined,
): SecuredEntries | undefined {
  const entries = manifestEntries(manifest.json, site)
  if (entries.length === 0) return undefined
  const map = importMap === undefined ? [] : [`${MAP}>${importMap}</script>`]
  const pageOf = (name: string, tags: readonly string[]) => ({
    path: isRelativeBase(site.base) ? basename(name) : name,
    html: HEAD + [...map, ...tags].join('\n') + REST,
  })
  const pages = [
    ...entries.map(({ name, tags }) => pageOf(name, tags)),
    pageOf('all entries', [...new Set(entries.flatMap(({ tags }) => tags))]),
  ]
  const nonce = options.nonce ?? NONCE
  const headers: HeaderField[][] = []
  const path = join(dirname(manifest.path), FILE)
  const output: Output = {
    name: 'json',
    deliver(delivery) {
      headers.push(...delivery.pages.map(({ policies }) => headersOf(policies, delivery)))
      return { place: path }
    },
  }
  // Drop `source`: a user's file with the name of an entry is not its page.
  const { source: _, ...context } = site
  const secure = (settings: ResolvedOptions): SecuredSite =>
    secureSite({ ...context, pages }, { ...settings, outputs: [output] })
  const secured = secure({ ...options, nonce: undefined })
  secure({ ...options, nonce })
  const policies = secured.pages.map((page, index) => ({
    ...parts(page, options.algorithm),
    headers: headers[index] ?? [],
    nonceHeaders: headers[index + pages.length] ?? [],
  }))
  const { tags: _tags, ...union } = policies.at(-1) as EntryPolicies
  const content = {
    version: manifestVersion,
    base: site.base,
    nonce,
    union,
    pages: [],
    entries: Object.fromEntries(
      entries.map(({ name, file }: ManifestEntry, index) => [name, { file, ...policies[index] }]),
    ),
  }
  return {
    file: { root: 'site', path, content: `${JSON.stringify(content, undefined, 2)}\n` },
    secured: { ...secured, pages: secured.pages.slice(0, -1).map((page) => ({ ...page, place: path })) },
  }
}
