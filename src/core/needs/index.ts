import type { ScannedPage, SiteContext } from '../site/model.ts'
import type { CodeTraits } from './search-code.ts'
import type { SearchedFiles } from './searched-files.ts'
import { documentBaseUrl, placeOf, requestUrls, resolveUrl } from '../site/urls.ts'
import { codeNeeds } from './code-needs.ts'
import type { Need } from '../csp/need.ts'
import { need, sourceOfUrl, OWN } from '../csp/need.ts'
import { pageNeeds, type PageNeedSettings } from './page-needs.ts'
import { styleNeeds } from './style-needs.ts'

export type { Need } from '../csp/need.ts'

/** The files of the site that a page loads, as far as its tags and the graph show. */
export interface PageFiles {
  readonly scripts: readonly string[]
  readonly styles: readonly string[]
}

/** Adds the workers that scripts start, and the stylesheets that stylesheets import. */
export function followed(site: SiteContext, { scripts, styles }: PageFiles, files: SearchedFiles): PageFiles {
  return {
    scripts: closure(scripts, (path) => startedBy(site, path, files)),
    styles: closure(styles, (path) => importedBy(site, path, files)),
  }
}

function closure(paths: readonly string[], next: (path: string) => readonly string[]): string[] {
  const all = new Set(paths)
  // A `Set` also iterates over elements that are added during the iteration.
  for (const path of all) for (const other of next(path)) all.add(other)
  return [...all].toSorted()
}

function ownFile(site: SiteContext, url: string, from: string): string[] {
  const target = resolveUrl(site, url, documentBaseUrl(site, from, undefined))
  return target.kind === 'file' ? [target.path] : []
}

function startedBy(site: SiteContext, path: string, files: SearchedFiles): readonly string[] {
  return files.code(path)?.features.has('worker') ? (site.workersOf?.(path) ?? []) : []
}

function importedBy(site: SiteContext, path: string, files: SearchedFiles): string[] {
  return files
    .style(path)
    .filter(({ directive, url }) => directive === 'style-src' && sourceOfUrl(url) === OWN)
    .flatMap(({ url }) => ownFile(site, url, path))
}

/** The sources of a file: `'self'`, or another origin if `urlOf` or the base names one. */
function requestedFrom(site: SiteContext, path: string): string[] {
  return requestUrls(site, path, 'index.html').map((url) => {
    const place = placeOf(url)
    return place.kind === 'foreign' ? place.origin : "'self'"
  })
}

function fileNeeds(site: SiteContext, { scripts, styles }: PageFiles, files: SearchedFiles): Need[] {
  const ofScripts = scripts.flatMap((path) => {
    const traits = files.code(path)
    return traits ? codeNeeds(site, path, traits) : []
  })
  const ofStyles = styles.flatMap((path) => [
    ...requestedFrom(site, path).map((expression) => need('style-src', expression, path)),
    ...styleNeeds(site, path, files.style(path)),
  ])
  return [...ofScripts, ...ofStyles]
}

/** Computes the needs of many pages; needs that pages share are computed once. */
export class SiteNeeds {
  private readonly shared = new Map<string, readonly Need[]>()

  constructor(
    private readonly site: SiteContext,
    private readonly files: SearchedFiles,
  ) {}

  of(
    page: ScannedPage,
    loaded: PageFiles,
    inline: readonly CodeTraits[],
    settings: PageNeedSettings,
  ): Need[] {
    const ofInline = inline.flatMap((traits) => codeNeeds(this.site, `<script> in ${page.path}`, traits))
    return distinct([...this.ofFiles(loaded), ...ofInline, ...pageNeeds(this.site, page, settings)])
  }

  private ofFiles(loaded: PageFiles): readonly Need[] {
    const key = [...loaded.scripts, '', ...loaded.styles].join('\n')
    const known = this.shared.get(key)
    if (known) return known
    const needs = distinct(fileNeeds(this.site, loaded, this.files))
    this.shared.set(key, needs)
    return needs
  }
}

/** Removes needs for the same source; the reason of the first is kept. */
function distinct(needs: readonly Need[]): Need[] {
  const byWish = new Map<string, Need>()
  for (const one of needs) {
    const wish = `${one.directive} ${one.source.expression}`
    if (!byWish.has(wish)) byWish.set(wish, one)
  }
  return [...byWish.values()]
}
