import { readScriptReferences } from '../../src/core/graph/references.ts'
import type { Graph, Site } from '../../src/core/site/model.ts'

/** A site in memory: pages are the files that end in `.html`. */
export function memorySite(
  files: Readonly<Record<string, string | Uint8Array>>,
  base = '/',
  graph: Graph = new Map(),
): Site {
  const file = (path: string) => {
    const content = Object.hasOwn(files, path) ? files[path] : undefined
    return typeof content === 'string' ? Buffer.from(content) : content
  }
  const pages = Object.keys(files)
    .filter((path) => path.endsWith('.html'))
    .map((path) => ({ path, html: Buffer.from(file(path) ?? '').toString('utf8') }))
  const workersOf = (path: string) =>
    readScriptReferences(file(path) ?? '').workers.map(({ url }) => url.replace(/^\//, ''))
  return { base, pages, graph, file, workersOf }
}
