import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Rollup } from 'vite'
import type { GraphNode, PageSource, Site } from '../core/model.ts'

/** What was emitted into one directory, over all outputs that write there (plugin-legacy has two). */
export class EmittedFiles {
  private readonly contents = new Map<string, string | Uint8Array>()
  private readonly nodes = new Map<string, GraphNode>()

  get graph(): ReadonlyMap<string, GraphNode> {
    return this.nodes
  }

  add(bundle: Rollup.OutputBundle): void {
    for (const file of Object.values(bundle)) {
      this.contents.set(file.fileName, file.type === 'chunk' ? file.code : file.source)
      if (file.type === 'chunk') this.nodes.set(file.fileName, nodeOf(file))
    }
  }

  read(path: string): Uint8Array | undefined {
    const content = this.contents.get(path)
    return typeof content === 'string' ? Buffer.from(content) : content
  }
}

function nodeOf(chunk: Rollup.OutputChunk): GraphNode {
  const styles = chunk.viteMetadata?.importedCss ?? new Set<string>()
  return { imports: chunk.imports, dynamicImports: chunk.dynamicImports, styles: [...styles] }
}

const isPage = (path: string): boolean => /\.html?$/i.test(path)

function text(source: string | Uint8Array): string | undefined {
  if (typeof source === 'string') return source
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(source)
  } catch {
    return undefined
  }
}

/** Whole pages of the public directory: they never enter the bundle, but they are part of the site. */
function publicPages(directory: string | undefined, taken: ReadonlySet<string>): string[] {
  if (directory === undefined) return []
  let names: string[]
  try {
    names = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  return names
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => isPage(name) && !taken.has(name))
    .toSorted()
}

function readFile(directory: string, path: string): Uint8Array | undefined {
  try {
    return readFileSync(join(directory, path))
  } catch (error) {
    if (['ENOENT', 'EISDIR', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return undefined
    throw error
  }
}

export interface BundleSiteSettings {
  readonly base: string
  /** Copied to the output as it is. */
  readonly publicDir: string | undefined
  /** Where files of earlier builds may lie. */
  readonly outDir: string | undefined
  readonly urls: Pick<Site, 'urlOf' | 'fileOf'>
}

export interface BundleSite {
  readonly site: Site
  /** Pages that are no valid UTF-8, so they are left as they are. */
  readonly unreadable: readonly string[]
  /** Pages that are not in the bundle, with the bytes that lie in the public directory. */
  readonly publicPages: ReadonlySet<string>
}

/** A bundle as a site. */
export function bundleSite(
  bundle: Rollup.OutputBundle,
  emitted: EmittedFiles,
  settings: BundleSiteSettings,
): BundleSite {
  const { base, publicDir, outDir, urls } = settings
  const others = [publicDir, outDir].filter((directory) => directory !== undefined)
  const file = (path: string): Uint8Array | undefined => {
    const own = emitted.read(path)
    if (own) return own
    for (const directory of others) {
      const bytes = readFile(directory, path)
      if (bytes) return bytes
    }
    return undefined
  }
  const inBundle = Object.keys(bundle).filter(isPage).toSorted()
  const outside = publicPages(publicDir, new Set(Object.keys(bundle)))
  const pages: PageSource[] = []
  const unreadable: string[] = []
  for (const path of [...inBundle, ...outside]) {
    const html = text(file(path) ?? '')
    if (html === undefined) unreadable.push(path)
    else pages.push({ path, html })
  }
  return {
    site: { base, pages, graph: emitted.graph, file, ...urls },
    unreadable,
    publicPages: new Set(outside),
  }
}
