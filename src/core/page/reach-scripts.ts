import { reach, type Reach } from '../graph/reach.ts'
import { filesNamedIn } from '../graph/inline-imports.ts'
import type { PageImport } from './inline-modules.ts'
import type { PageContext } from './page-plan.ts'
import type { PageTags } from './read-tags.ts'

/** The second step of a page's plan: everything that its scripts can load. */
export interface ReachedFiles extends Pick<Reach, 'scripts' | 'styles' | 'importsAnything'> {
  /** Scripts whose hashes the policy must list. */
  readonly listed: ReadonlySet<string>
  /** Scripts that SystemJS loads. */
  readonly system: readonly string[]
  /** Imports, of inline scripts and of files, that do not resolve to a file of the site. */
  readonly unanswered: readonly PageImport[]
  /** Whether the import map must block imports of all other URLs in the directories of the scripts. */
  readonly sealed: boolean
}

export function reachScripts(context: PageContext, tags: PageTags): ReachedFiles {
  const { site, page, graph, settings } = context
  const any = tags.computedImports ? (site.unnamedImports?.(page.path) ?? []) : []
  const inlineEntries = [...tags.inlineEntries, ...(tags.computedImports ? namedAnywhere(context, any) : [])]
  const reached = reach(graph, [...tags.entries, ...inlineEntries])
  const ofFiles = [...reached.unanswered].flatMap(([importer, imports]) =>
    imports.map((one) => ({ ...one, importer })),
  )
  return {
    scripts: reached.scripts,
    styles: reached.styles,
    importsAnything: reached.importsAnything,
    // `'strict-dynamic'` allows scripts that the loader creates, but not imports of an inline script.
    listed: new Set(settings.scripts === 'loader' ? reach(graph, inlineEntries).scripts : reached.scripts),
    system: reach(graph, tags.systemEntries).scripts,
    unanswered: [...tags.unanswered, ...ofFiles],
    // The user's own map may have entries for these directories, which must be kept.
    sealed: any.length > 0 && !context.ownMap,
  }
}

/**
 * Files that a computed import may name. The script may read the URL from an attribute, from data in the page, or
 * elsewhere.
 */
function namedAnywhere({ site, page, base, graph }: PageContext, any: readonly string[]): string[] {
  return [...filesNamedIn(page.source, site, base), ...any].filter((path) => graph.has(path))
}
