import type { Graph, UnansweredImport } from '../site/model.ts'

/** Everything that a set of entries can load: chunks through static and dynamic imports, and their stylesheets. */
export interface Reach {
  readonly scripts: readonly string[]
  readonly styles: readonly string[]
  /** Imports that do not resolve to a file of the site, by the file of the importing chunk. */
  readonly unanswered: ReadonlyMap<string, readonly UnansweredImport[]>
  /** Chunks that import a module whose name is completely unknown. */
  readonly importsAnything: readonly string[]
}

/**
 * Collects all reachable files, sorted, so that the output does not depend on the order in which the graph was
 * built.
 */
export function reach(graph: Graph, entries: Iterable<string>): Reach {
  const scripts = new Set<string>()
  const styles = new Set<string>()
  const unanswered = new Map<string, readonly UnansweredImport[]>()
  const importsAnything: string[] = []
  const open = [...entries]
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const node = graph.get(path)
    if (!node || scripts.has(path)) continue
    scripts.add(path)
    for (const style of node.styles) styles.add(style)
    if (node.unanswered?.length) unanswered.set(path, node.unanswered)
    if (node.importsAnything) importsAnything.push(path)
    open.push(...node.imports, ...node.dynamicImports)
  }
  return {
    scripts: [...scripts].toSorted(),
    styles: [...styles].toSorted(),
    unanswered: new Map([...unanswered].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    importsAnything: importsAnything.toSorted(),
  }
}
