import { NO_IMPORT_MAP, readImportMap, resolveSpecifier } from '../core/graph/import-map-resolve.ts'
import { ScriptGraph } from '../core/graph/graph.ts'
import type { Finding } from '../core/findings/index.ts'
import type { Graph, GraphNode, SiteContext } from '../core/site/model.ts'
import { requestUrls, resolveUrl } from '../core/site/urls.ts'

type Reading = Pick<SiteContext, 'base' | 'file' | 'has' | 'urlOf' | 'fileOf'>

/**
 * The graph of a bundle. The bundler knows nothing of scripts in the public directory, and leaves specifiers alone that
 * are external to it: those are read from the scripts, and resolved as the import map of the page says.
 */
export class BundleGraph {
  private readonly scripts: ScriptGraph

  constructor(
    private readonly site: Reading,
    private readonly chunks: Graph,
    paths: () => Iterable<string>,
  ) {
    const has = (path: string): boolean => site.has?.(path) ?? site.file(path) !== undefined
    this.scripts = new ScriptGraph(site, { has, read: (path) => site.file(path) }, paths)
  }

  get findings(): readonly Finding[] {
    return this.scripts.findings
  }

  unnamedImports(page: string): readonly string[] {
    return this.scripts.unnamedImports(page)
  }

  under(importMap: string | undefined, documentBase: URL): Graph {
    const outside = this.scripts.under(importMap, documentBase)
    const map = importMap === undefined ? NO_IMPORT_MAP : readImportMap(importMap, documentBase)
    const resolved = (path: string, specifiers: readonly string[]): string[] =>
      specifiers.flatMap((specifier) => {
        if (this.chunks.has(specifier)) return [specifier]
        const [importer] = requestUrls(this.site, path, '')
        const url = importer && resolveSpecifier(specifier, importer, map)
        const target = url && resolveUrl(this.site, url.href, url)
        return target?.kind === 'file' ? [target.path] : []
      })
    const nodes = new Map<string, GraphNode>()
    return {
      has: (path) => this.chunks.has(path) || outside.has(path),
      get: (path) => {
        const chunk = this.chunks.get(path)
        if (!chunk) return outside.get(path)
        const known = nodes.get(path)
        if (known) return known
        const { imports, dynamicImports, styles } = chunk
        const node = {
          imports: resolved(path, imports),
          dynamicImports: resolved(path, dynamicImports),
          styles,
        }
        nodes.set(path, node)
        return node
      },
    }
  }
}
