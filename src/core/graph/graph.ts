import { type Finding, finding } from '../findings/index.ts'
import type { Graph, GraphNode, SiteContext } from '../site/model.ts'
import { requestUrls, resolveUrl } from '../site/urls.ts'
import { computedSpecifiers } from './computed-imports.ts'
import type { ComputedText } from '../text/fold-constants.ts'
import { type ImportMap, importMapKey, NO_IMPORT_MAP, readImportMap } from './import-map-resolve.ts'
import { isAnything, Specifiers } from './specifiers.ts'
import { readScriptReferences, type ScriptReferences, ScriptSyntaxError } from './references.ts'

/** Hosts send files with other extensions with a MIME type that no browser runs as a module. */
export const isScript = (path: string): boolean => /\.[cm]?js$/i.test(path)

/** If a script may load files that it does not name, at most this many are pinned; more would bloat every page. */
const MOST_ASSUMED = 512

interface ReadScript {
  readonly references: ScriptReferences
  /** What is known about the files that it loads by computed names. */
  readonly computed: readonly ComputedText[]
}

/** A script that cannot be parsed may import anything. */
const ANYTHING: readonly ComputedText[] = [{ head: '', tail: '', whole: false }]

const NOTHING: ScriptReferences = {
  imports: [],
  dynamicImports: [],
  preloads: [],
  workers: [],
  computedImport: false,
}

const decoded = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

/**
 * The graph of chunks, built from the scripts themselves. Each script is read when a page first reaches it, and
 * only once.
 */
export class ScriptGraph {
  private readonly scripts = new Map<string, ReadScript>()
  private readonly graphs = new Map<string, Graph>()
  private readonly found: Finding[] = []
  private readonly told = new Set<string>()
  private readonly workerFiles = new Set<string>()
  private allScripts: readonly string[] | undefined

  constructor(
    private readonly site: Pick<SiteContext, 'base' | 'file' | 'has' | 'urlOf' | 'fileOf' | 'dataModules'>,
    private readonly files: { has(path: string): boolean; read(path: string): Uint8Array | undefined },
    private readonly paths: () => Iterable<string>,
  ) {}

  get findings(): readonly Finding[] {
    return this.found
  }

  /** Scripts that are started as workers. */
  get workers(): readonly string[] {
    return [...this.workerFiles].toSorted()
  }

  /** The graph resolved under a page's import map, or without one. */
  under(importMap: string | undefined, documentBase: URL): Graph {
    const map = importMap === undefined ? NO_IMPORT_MAP : readImportMap(importMap, documentBase)
    const key = importMapKey(map)
    const known = this.graphs.get(key)
    if (known) return known
    const nodes = new Map<string, GraphNode>()
    const graph: Graph = {
      has: (path) => isScript(path) && this.files.has(path),
      get: (path) => {
        if (!graph.has(path)) return undefined
        const node = nodes.get(path) ?? this.node(path, map)
        nodes.set(path, node)
        return node
      },
    }
    this.graphs.set(key, graph)
    return graph
  }

  private node(path: string, map: ImportMap): GraphNode {
    const { references, computed } = this.read(path)
    const url = requestUrls(this.site, path, '')[0] ?? new URL('about:blank')
    const resolved = new Specifiers(this.site, url, map)
    const target = (specifier: string): string[] => resolved.files(specifier)
    const preloads = references.preloads.flatMap((one) => this.fileOf(one.url, one.relativeTo, url))
    return {
      imports: references.imports.flatMap(target),
      dynamicImports: [
        ...references.dynamicImports.flatMap(target),
        ...preloads.filter((file) => isScript(file)),
        ...this.computed(path, computed, resolved),
      ],
      styles: preloads.filter((file) => /\.css$/i.test(file)),
      unanswered: resolved.unanswered,
      importsAnything: computed.some(isAnything),
    }
  }

  /** The computed specifiers of a script, as far as they are known. */
  computedOf(path: string): readonly ComputedText[] {
    return computedSpecifiers(new TextDecoder().decode(this.files.read(path)))
  }

  /** The files that a script may import by computed names. */
  computed(path: string, specifiers: readonly ComputedText[], resolved: Specifiers): string[] {
    if (specifiers.length === 0) return []
    const own = specifiers.some(({ head }) => head === '')
      ? this.assumed(path, path.slice(0, path.indexOf('/') + 1))
      : []
    return [...own, ...specifiers.flatMap((one) => resolved.matching(one, this.scriptPaths()))]
  }

  private fileOf(url: string, relativeTo: 'file' | 'base' | 'document', importer: URL): string[] {
    const base = relativeTo === 'file' ? importer : this.root()
    const target = resolveUrl(this.site, url, base)
    return target.kind === 'file' ? [target.path] : []
  }

  private root(): URL {
    const [url] = requestUrls(this.site, 'x', '')
    return new URL('.', url)
  }

  private read(path: string): ReadScript {
    const known = this.scripts.get(path)
    if (known) return known
    const read = this.parse(path)
    this.scripts.set(path, read)
    for (const file of this.workersOf(path)) this.workerFiles.add(file)
    return read
  }

  workersOf(path: string): string[] {
    const importer = requestUrls(this.site, path, '')[0] ?? this.root()
    return this.read(path).references.workers.flatMap(({ url, relativeTo }) =>
      this.fileOf(url, relativeTo, importer),
    )
  }

  private parse(path: string): ReadScript {
    const bytes = this.files.read(path) ?? new Uint8Array()
    try {
      const references = readScriptReferences(bytes)
      return { references, computed: references.computedImport ? computedSpecifiers(decoded(bytes)) : [] }
    } catch (error) {
      if (!(error instanceof ScriptSyntaxError)) throw error
      const place = {
        file: path,
        source: decoded(bytes),
        offset: decoded(bytes.subarray(0, error.offset)).length,
      }
      this.tell(finding('script-unparsable', { reason: error.message }, place))
      return { references: NOTHING, computed: ANYTHING }
    }
  }

  /** The files that inline scripts of a page may import by computed names: any script of the site. */
  unnamedImports(page: string): readonly string[] {
    return this.assumed(page, '')
  }

  private scriptPaths(): readonly string[] {
    this.allScripts ??= [...this.paths()].filter((file) => isScript(file))
    return this.allScripts
  }

  /**
   * Every script under a top directory. Deliberately more than necessary, so that no script that is needed is
   * missing.
   */
  private assumed(path: string, top: string): readonly string[] {
    const scripts = this.scriptPaths().filter((file) => file.startsWith(top))
    if (scripts.length <= MOST_ASSUMED) return scripts
    this.tell(finding('import-unpinned', { file: path, count: scripts.length, limit: MOST_ASSUMED }))
    return []
  }

  /** A script belongs to one graph per import map; report each of its problems only once. */
  private tell(found: Finding): void {
    if (this.told.has(found.message)) return
    this.told.add(found.message)
    this.found.push(found)
  }
}
