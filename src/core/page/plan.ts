import { extensionPolicy, letsOwnScripts } from '../site/extension.ts'
import { hashSource } from '../csp/serialise.ts'
import { type Finding, finding } from '../findings/index.ts'
import type { IntegrityMetadata, ScannedPage, SiteContext, Source } from '../site/model.ts'
import { documentBaseUrl, sitePathUrl } from '../site/urls.ts'
import { OwnImportMap } from './import-map.ts'
import type { DigestOf, PageContext, PagePlan, PlanSettings } from './page-plan.ts'
import { trustedScripts } from './pin.ts'
import { placeMaps } from './place-maps.ts'
import { reachScripts, type ReachedFiles } from './reach-scripts.ts'
import { readTags } from './read-tags.ts'
import { scriptLocations } from './script-locations.ts'

/** Findings about the extension's own policy, which browsers enforce in addition to the page's. */
function ofExtension(site: SiteContext, hasInline: boolean): Finding[] {
  const policy = extensionPolicy(site)
  if (policy === undefined) return []
  const problems = [
    ...(letsOwnScripts(policy) ? [] : ["it lacks 'self', so no script of the build runs"]),
    ...(hasInline ? ['it admits no inline script, and pages have some'] : []),
  ]
  return [
    finding('extension-page', { policy }),
    ...problems.map((problem) => finding('extension-policy', { policy, problem })),
  ]
}

/**
 * Plans the changes to one page, in steps that build on each other: read the tags, find the files that their
 * scripts reach, and place the import maps that pin those files.
 */
export function planPage(
  site: SiteContext,
  page: ScannedPage,
  settings: PlanSettings,
  digestOf: DigestOf,
): PagePlan {
  const context = contextOf(site, page, settings, digestOf)
  const tags = readTags(context)
  const reached = reachScripts(context, tags)
  const maps = placeMaps(context, tags, reached)

  const pinned = new Map([...tags.pinned, ...maps.pinned])
  const inPlace = [...tags.inline, ...maps.inline].toSorted((a, b) => offsetOf(a) - offsetOf(b))
  const inline = [...maps.leading, ...inPlace]
  const trusted = tags.hasScripts ? trustedScripts(settings.external, settings.scripts) : undefined
  const { fence, origins } = settings
  const locations = scriptLocations([...tags.urls, ...maps.urls], trusted?.urls ?? [], {
    fence,
    origins,
    root: sitePathUrl(site, ''),
  })
  const { crowdedRoot } = locations
  const crowded = crowdedRoot > 0 ? [finding('scripts-at-root', { count: crowdedRoot })] : []
  const listed = [...tags.carried, ...hashesOf(reached, pinned), ...(trusted?.hashes ?? [])]
  return {
    page,
    edits: [...tags.edits, ...maps.edits],
    importMap: maps.element,
    pinned,
    loaded: {
      scripts: distinct([...tags.scripts, ...reached.scripts, ...reached.system]),
      styles: distinct([...tags.styles, ...reached.styles]),
    },
    findings: [...tags.findings, ...maps.findings, ...crowded, ...ofExtension(site, inline.length > 0)],
    inlineScripts: new Set(inline.filter(isWritten).map(({ expression }) => expression)).size,
    unanswered: reached.unanswered,
    importsAnything: reached.importsAnything,
    facts: {
      inlineScripts: inline,
      // Sorted, so that the order does not depend on which tag or import reaches a file first.
      scriptFiles: listed.toSorted((a, b) => (fileOf(a) < fileOf(b) ? -1 : Number(fileOf(a) > fileOf(b)))),
      scriptLocations: locations.own,
      foreignScripts: [...tags.foreign, ...(trusted?.foreign ?? []), ...locations.foreign],
    },
  }
}

function contextOf(
  site: SiteContext,
  page: ScannedPage,
  settings: PlanSettings,
  digestOf: DigestOf,
): PageContext {
  const base = documentBaseUrl(site, page.path, page.base?.href)
  const ownMap = OwnImportMap.of(page)
  const graph = (ownMap && site.graphUnder?.(ownMap.text, base)) ?? site.graph
  // The user declared that such a file is changed before it is served, so it is not pinned.
  const changes = (path: string): boolean => settings.external.get(sitePathUrl(site, path).pathname) === true
  const pinned: DigestOf = (path) => (changes(path) ? undefined : digestOf(path))
  const pinsAll = ![...settings.external.keys()].some((key) => key.startsWith('/'))
  return { site, page, base, ownMap, graph, settings, digestOf: pinsAll ? digestOf : pinned }
}

/** The hashes that allow the reached scripts. */
function hashesOf(
  { scripts, listed }: ReachedFiles,
  pinned: ReadonlyMap<string, IntegrityMetadata>,
): Source[] {
  return scripts.flatMap((file) => {
    const hash = listed.has(file) ? pinned.get(file) : undefined
    return hash ? [hashSource(hash, { kind: 'file', file })] : []
  })
}

/** Whether a hash stands for a script that somebody wrote; an import map is not one. */
const isWritten = ({ reason }: Source): boolean => reason.kind !== 'inline' || reason.what !== 'importmap'
const distinct = (paths: readonly string[]): string[] => [...new Set(paths)].toSorted()
const offsetOf = ({ reason }: Source): number => (reason.kind === 'inline' ? reason.span.start : 0)
const fileOf = ({ reason }: Source): string => (reason.kind === 'file' ? reason.file : '')
