import { readdirSync, statSync } from 'node:fs'
import { basename, isAbsolute, join, relative } from 'node:path'
import type { Rollup } from 'vite'
import type { Finding } from '../core/findings/index.ts'
import type { GraphNode, ModuleSource, PageSource, Site } from '../core/site/model.ts'
import { isFragment, type LeftPage, type PageGlobs, pageFilter } from '../core/page/left-pages.ts'
import { documentBaseUrl } from '../core/site/urls.ts'
import { BundleGraph } from './bundle-graph.ts'
import { importsComputed } from '../core/graph/computed-imports.ts'
import { dataImports, type DataModule } from '../core/graph/data-modules.ts'
import { findFileLiterals } from '../core/graph/file-literals.ts'
import { unescaped } from '../core/text/js-escapes.ts'
import { readFile } from '../files/read.ts'
import { slashes } from '../files/slashes.ts'

/**
 * The stylesheets of `import('./theme.css')`: Vite drops a chunk that contains only styles, and then only its
 * importer names them, in its preload list.
 */
function droppedStyles(chunk: Rollup.OutputChunk, bundle: Rollup.OutputBundle): string[] {
  if (chunk.dynamicImports.every((path) => path in bundle)) return []
  const named = new Set(findFileLiterals(chunk.code).map(({ raw }) => basename(unescaped(raw))))
  return Object.keys(bundle).filter((path) => path.endsWith('.css') && named.has(basename(path)))
}

/** The files emitted into one directory by all outputs that write there (plugin-legacy has two). */
export class EmittedFiles {
  private readonly contents = new Map<string, string | Uint8Array>()
  private readonly nodes = new Map<string, GraphNode>()
  private readonly chunks = new Map<string, Rollup.OutputChunk>()
  private readonly dropped = new Set<string>()
  readonly dataModules = new Map<string, string>()

  get graph(): ReadonlyMap<string, GraphNode> {
    return this.nodes
  }

  /** Adds a file that is not in the bundle and replaces a `data:` URL. */
  addDataModule({ path, url, text }: DataModule): void {
    this.contents.set(path, text)
    this.dataModules.set(url, path)
    this.nodes.set(path, { imports: [], dynamicImports: [], styles: [] })
  }

  add(bundle: Rollup.OutputBundle): void {
    for (const file of Object.values(bundle)) {
      this.contents.set(file.fileName, file.type === 'chunk' ? file.code : file.source)
      if (file.type !== 'chunk') continue
      const dropped = droppedStyles(file, bundle)
      this.nodes.set(file.fileName, this.nodeOf(file, dropped))
      for (const style of dropped) this.dropped.add(style)
      this.chunks.set(file.fileName, file)
    }
  }

  private nodeOf(chunk: Rollup.OutputChunk, dropped: readonly string[]): GraphNode {
    const styles = chunk.viteMetadata?.importedCss ?? []
    // Plugins add such imports to finished code, so the bundler does not know them.
    const guards = dataImports(chunk.code).flatMap((url) => this.dataModules.get(url) ?? [])
    return {
      imports: [...chunk.imports, ...guards],
      dynamicImports: chunk.dynamicImports,
      styles: [...new Set([...styles, ...dropped])],
      importsAnything: importsComputed(chunk.code),
    }
  }

  /** Stylesheets that are linked when a chunk is loaded lazily. */
  lazyStyles(): string[] {
    const lazy = [...this.nodes.values()].flatMap((node) => node.dynamicImports)
    return [...lazy.flatMap((path) => this.nodes.get(path)?.styles ?? []), ...this.dropped]
  }

  paths(): Iterable<string> {
    return this.contents.keys()
  }

  /** Called only if there is a finding: the bundler generates the code of modules on demand. */
  modules(path: string): ModuleSource[] {
    return Object.entries(this.chunks.get(path)?.modules ?? {}).map(([id, { code }]) => ({
      id,
      code: code ?? '',
    }))
  }

  has(path: string): boolean {
    return this.contents.has(path)
  }

  content(path: string): string | Uint8Array | undefined {
    return this.contents.get(path)
  }
}

/** The user's own file: for a module by its id, for a page by its path in the root or in the public directory. */
function sourceFile(
  path: string,
  root: string,
  publicDir: string | undefined,
): ReturnType<NonNullable<Site['source']>> {
  const clean = path.replace(/[?#].*$/, '')
  if (path.startsWith('\0')) return undefined
  const places = isAbsolute(clean)
    ? [clean]
    : [root, publicDir].flatMap((one) => (one ? [join(one, clean)] : []))
  for (const place of places) {
    const bytes = readFile('', place)
    if (bytes) return { file: slashes(relative(root, place)), text: bytes.toString('utf8') }
  }
  return undefined
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

function filesIn(directory: string | undefined): string[] {
  if (directory === undefined) return []
  let names: string[]
  try {
    names = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  return names.map(slashes)
}

function isFile(directory: string, path: string): boolean {
  return statSync(join(directory, path), { throwIfNoEntry: false })?.isFile() === true
}

export interface BundleSiteSettings {
  /** Root directory of the user's own files. */
  readonly root: string | undefined
  /** Directory that Vite copies to the output unchanged. */
  readonly publicDir: string | undefined
  /** Output directory, which may contain files of earlier builds. */
  readonly outDir: string | undefined
  /** Globs that select the pages to protect. */
  readonly globs: PageGlobs
  readonly urls: Pick<Site, 'base' | 'urlOf' | 'fileOf'>
}

export interface BundleSite {
  readonly site: Site
  /** Pages that are not valid UTF-8 and are not changed. */
  readonly unreadable: readonly string[]
  /** Pages that exist only in the public directory, not in the bundle. */
  readonly publicPages: ReadonlySet<string>
  /** Problems with scripts that were found while reading the graph; complete only after the site is secured. */
  readonly graphFindings: () => readonly Finding[]
}

function textOf(directory: string, path: string): string | undefined {
  const bytes = readFile(directory, path)
  return bytes && text(bytes)
}

/** Adapts a bundle to a {@link Site}. */
export function bundleSite(
  bundle: Rollup.OutputBundle,
  emitted: EmittedFiles,
  settings: BundleSiteSettings,
): BundleSite {
  const { root, publicDir, outDir, urls, globs } = settings
  const { base, urlOf, fileOf } = urls
  const others = [publicDir, outDir].filter((directory) => directory !== undefined)
  const content = (path: string): string | Uint8Array | undefined => {
    const own = emitted.content(path)
    if (own !== undefined) return own
    for (const directory of others) {
      const bytes = readFile(directory, path)
      if (bytes) return bytes
    }
    return undefined
  }
  const file = (path: string): Uint8Array | undefined => {
    const found = content(path)
    return typeof found === 'string' ? Buffer.from(found) : found
  }
  const has = (path: string): boolean =>
    emitted.has(path) || others.some((directory) => isFile(directory, path))
  const inBundle = Object.keys(bundle).filter(isPage).toSorted()
  // HTML pages in the public directory are not in the bundle, but they are part of the site.
  const inPublic = filesIn(publicDir)
  const outside = inPublic.filter((path) => isPage(path) && !Object.hasOwn(bundle, path)).toSorted()
  const pages: PageSource[] = []
  const unreadable: string[] = []
  const left: LeftPage[] = []
  const excludes = pageFilter(globs)
  for (const path of [...inBundle, ...outside]) {
    if (excludes(path)) {
      left.push({ path, why: 'excluded' })
      continue
    }
    const html = text(emitted.content(path) ?? file(path) ?? '')
    if (html === undefined) unreadable.push(path)
    else if (isFragment(html)) left.push({ path, why: 'fragment' })
    else pages.push({ path, html })
  }
  const reading = { base, file, has, ...(urlOf && { urlOf }), ...(fileOf && { fileOf }) }
  const graph = new BundleGraph(reading, emitted.graph, () => [...emitted.paths(), ...inPublic])
  return {
    site: {
      ...reading,
      pages,
      left,
      dataModules: emitted.dataModules,
      graph: graph.under(undefined, documentBaseUrl(reading, '', undefined)),
      graphUnder: (importMap, documentBase) => graph.under(importMap, documentBase),
      workersOf: (path) => graph.workersOf(path),
      unnamedImports: (page) => graph.unnamedImports(page),
      modules: (path) => emitted.modules(path),
      source: (path) => (root === undefined ? undefined : sourceFile(path, root, publicDir)),
      projectFile: (path) => (root === undefined ? undefined : textOf(root, path)),
      directory: outDir,
      environment: process.env,
    },
    unreadable,
    publicPages: new Set(outside),
    graphFindings: () => graph.findings,
  }
}
