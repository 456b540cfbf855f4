import { extensionPolicy } from '../site/extension.ts'
import type { Finding } from '../findings/index.ts'
import { pagePlace } from '../findings/locate.ts'
import type { IntegrityMetadata, Source } from '../site/model.ts'
import { resolveUrl } from '../site/urls.ts'
import type { Edit } from './edit.ts'
import { MapEntries, type PlacedImportMap, placeImportMap, systemImportMap } from './import-map.ts'
import type { PageContext } from './page-plan.ts'
import type { ReachedFiles } from './reach-scripts.ts'
import { hashInline, type PageTags } from './read-tags.ts'

/** The third step of a page's plan: the import maps that pin the files that scripts load. */
export interface PlacedMaps {
  /** Source of new elements for the head. */
  readonly element: string | undefined
  /** Hashes of maps that stay in place: browsers ignore a map whose hash no policy lists. */
  readonly inline: readonly Source[]
  /**
   * Hashes of maps that will precede every other script. They come first, so that a second run gives the same
   * order.
   */
  readonly leading: readonly Source[]
  readonly edits: readonly Edit[]
  readonly findings: readonly Finding[]
  readonly pinned: ReadonlyMap<string, IntegrityMetadata>
  /** The URLs that the scripts are requested from. */
  readonly urls: readonly URL[]
}

export function placeMaps(context: PageContext, tags: PageTags, reached: ReachedFiles): PlacedMaps {
  const linked = new Set(tags.linkedStyles)
  const scripts = mapFiles(context, reached.scripts)
  pinForeignModules(scripts.entries, context, reached)
  scripts.entries.guard(reached.scripts)
  if (reached.sealed) scripts.entries.seal(reached.styles)
  // The preload helper does not add a second link for a stylesheet that the page already links.
  const styles = mapFiles(
    context,
    reached.styles.filter((path) => !linked.has(path)),
    scripts.entries,
  )
  const placed = placeMap(context, scripts.entries)
  const hashes = placed ? [hashInline(context, placed.text, { type: 'importmap', span: placed.span })] : []
  const system = mapFiles(context, reached.system)
  const elements = [
    placed?.element ?? '',
    system.entries.integrity.size > 0 ? systemImportMap(system.entries.integrity) : '',
  ].join('')
  return {
    element: elements === '' ? undefined : elements,
    inline: placed?.element === undefined ? hashes : [],
    leading: placed?.element === undefined ? [] : hashes,
    edits: placed?.edits ?? [],
    findings: placed?.findings ?? [],
    pinned: new Map([...scripts.pinned, ...styles.pinned, ...system.pinned]),
    urls: [...scripts.urls, ...system.urls],
  }
}

interface MappedFiles {
  readonly entries: MapEntries
  readonly pinned: readonly (readonly [string, IntegrityMetadata])[]
  readonly urls: readonly URL[]
}

function mapFiles(
  { site, page, base, digestOf }: PageContext,
  paths: readonly string[],
  entries: MapEntries = new MapEntries(site, page.path, base),
): MappedFiles {
  const pinned: [string, IntegrityMetadata][] = []
  const urls = paths.flatMap((path) => {
    const hash = digestOf(path)
    if (hash) pinned.push([path, hash])
    return entries.pin(path, hash)
  })
  return { entries, pinned, urls }
}

/** Pins modules of other origins for which the user gave a hash: an import has no tag that could carry the hash. */
function pinForeignModules(
  entries: MapEntries,
  { settings }: PageContext,
  { unanswered }: ReachedFiles,
): void {
  for (const { url, foreign } of unanswered) {
    const pin = foreign ? settings.external.get(url) : undefined
    if (typeof pin === 'string') entries.pinUrl(url, pin)
  }
}

function placeMap(context: PageContext, { imports, integrity }: MapEntries): PlacedImportMap | undefined {
  const { site, page, base, ownMap, settings } = context
  // The policy of an extension allows no inline script, so the map would cause a console error on every page load.
  if (!ownMap && extensionPolicy(site) !== undefined) return undefined
  // Without script-src no hash is listed, so our own map would be blocked.
  const unlisted = settings.directives.get('script-src') === false && !ownMap
  return placeImportMap(
    page,
    ownMap,
    { imports, integrity: unlisted ? new Map() : integrity },
    {
      isGone: (url) => resolveUrl(site, url, base).kind === 'missing',
      place: (offset) => pagePlace(site, page, offset),
    },
  )
}
