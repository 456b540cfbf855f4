import type { Graph, UnansweredImport } from '../site/model.ts'

/** What a set of entries can load: chunks over static and dynamic imports, and the styles these bring. */
export interface Reach {
  readonly scripts: readonly string[]
  readonly styles: readonly string[]
  /** What chunks import and no file of the site answers, by the file of the chunk. */
  readonly unanswered: ReadonlyMap<string, readonly UnansweredImport[]>
  /** Chunks that import modules of which nothing is known. */
  readonly importsAnything: readonly string[]
}

/** Sorted, so that the same graph gives the same bytes whatever order it was built in. */
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
