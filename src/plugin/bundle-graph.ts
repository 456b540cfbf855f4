import { NO_IMPORT_MAP, readImportMap } from '../core/graph/import-map-resolve.ts'
import { ScriptGraph } from '../core/graph/graph.ts'
import type { Finding } from '../core/findings/index.ts'
import type { Graph, GraphNode, SiteContext } from '../core/site/model.ts'
import { isAnything, Specifiers } from '../core/graph/specifiers.ts'
import { requestUrls } from '../core/site/urls.ts'

type Reading = Pick<SiteContext, 'base' | 'file' | 'has' | 'urlOf' | 'fileOf'>

/**
 * The graph of a bundle. The bundler does not know scripts in the public directory, and does not resolve external
 * specifiers: those imports are read from the scripts and resolved under the page's import map.
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

  workersOf(path: string): readonly string[] {
    return this.scripts.workersOf(path)
  }

  unnamedImports(page: string): readonly string[] {
    return this.scripts.unnamedImports(page)
  }

  under(importMap: string | undefined, documentBase: URL): Graph {
    const outside = this.scripts.under(importMap, documentBase)
    const map = importMap === undefined ? NO_IMPORT_MAP : readImportMap(importMap, documentBase)
    const isChunk = (path: string): boolean => this.chunks.has(path)
    const nodes = new Map<string, GraphNode>()
    return {
      has: (path) => this.chunks.has(path) || outside.has(path),
      get: (path) => {
        const chunk = this.chunks.get(path)
        if (!chunk) return outside.get(path)
        const known = nodes.get(path)
        if (known) return known
        const { imports, dynamicImports, styles } = chunk
        const [url] = requestUrls(this.site, path, '')
        const resolved = new Specifiers(this.site, url ?? new URL('about:blank'), map)
        const target = (specifier: string): string[] => resolved.files(specifier, isChunk)
        const computed = chunk.importsAnything ? this.scripts.computedOf(path) : []
        const node = {
          imports: imports.flatMap(target),
          dynamicImports: [
            ...dynamicImports.flatMap(target),
            ...this.scripts.computed(path, computed, resolved),
          ],
          styles,
          unanswered: resolved.unanswered,
          importsAnything: computed.some(isAnything),
        }
        nodes.set(path, node)
        return node
      },
    }
  }
}
