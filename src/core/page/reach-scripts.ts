import { reach, type Reach } from '../graph/reach.ts'
import { filesNamedIn } from '../graph/inline-imports.ts'
import type { PageImport } from './inline-modules.ts'
import type { PageContext } from './page-plan.ts'
import type { PageTags } from './read-tags.ts'

/** What the scripts of a page can load: the second step of its plan. */
export interface ReachedFiles extends Pick<Reach, 'scripts' | 'styles' | 'importsAnything'> {
  /** Scripts whose hashes the policy has to list. */
  readonly listed: ReadonlySet<string>
  /** Scripts that SystemJS loads. */
  readonly system: readonly string[]
  /** Imports that no file of the site answers, of inline scripts and of files. */
  readonly unanswered: readonly PageImport[]
  /** Whether the import map has to keep all other URLs in the directories of the scripts from being imported. */
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
    // The loader lets in what it loads, but not what an inline script imports.
    listed: new Set(settings.scripts === 'loader' ? reach(graph, inlineEntries).scripts : reached.scripts),
    system: reach(graph, tags.systemEntries).scripts,
    unanswered: [...tags.unanswered, ...ofFiles],
    // The user's own map may say something of these directories, which stays.
    sealed: any.length > 0 && !context.ownMap,
  }
}

/** A script that computes a URL takes it from an attribute of the page, from data in the page, or from anywhere. */
function namedAnywhere({ site, page, base, graph }: PageContext, any: readonly string[]): string[] {
  return [...filesNamedIn(page.source, site, base), ...any].filter((path) => graph.has(path))
}
