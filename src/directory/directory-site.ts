import type { SiteContext } from '../core/site/model.ts'
import { documentBaseUrl } from '../core/site/urls.ts'
import { ScriptGraph } from '../core/graph/graph.ts'
import type { DataModule } from '../core/graph/data-modules.ts'
import type { SiteFiles } from '../files/file-cache.ts'

export interface DirectorySite {
  readonly context: SiteContext
  readonly scripts: ScriptGraph
}

/** Presents a directory as a site. Files are read on demand. */
export function directorySite(
  base: string,
  files: SiteFiles,
  paths: () => Iterable<string>,
  made: readonly DataModule[] = [],
): DirectorySite {
  const reading = {
    base,
    file: (path: string) => files.read(path),
    has: (path: string) => files.has(path),
  }
  const dataModules = new Map(made.map(({ url, path }) => [url, path]))
  const scripts = new ScriptGraph({ ...reading, dataModules }, files, paths)
  const context: SiteContext = {
    ...reading,
    dataModules,
    graph: scripts.under(undefined, documentBaseUrl(reading, '', undefined)),
    graphUnder: (importMap, documentBase) => scripts.under(importMap, documentBase),
    workersOf: (path) => scripts.workersOf(path),
    unnamedImports: (page) => scripts.unnamedImports(page),
    get workers() {
      return scripts.workers
    },
  }
  return { context, scripts }
}
