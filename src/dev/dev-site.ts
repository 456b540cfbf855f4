import { readFileSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import type { ViteDevServer } from 'vite'
import type { ScannedPage } from '../core/site/model.ts'
import { pathOfUrl } from '../core/violations/violation.ts'
import type { OwnFile, ServedScript, ViolationSite } from '../core/violations/violation-site.ts'
import { slashes } from '../files/slashes.ts'

/** The used part of a module in Vite's module graph, whatever the version of Vite. */
interface DevModule {
  readonly url: string
  readonly file: string | null
  readonly transformResult: { readonly code: string; readonly map?: object | null } | null
}

/** Served pages are kept by path, up to this number; then the oldest are evicted. */
const MOST_PAGES = 200

/**
 * Milliseconds for which texts are cached, so that a page that reports in a loop does not cause the whole project
 * to be read each time.
 */
const FRESH = 1000

/** The pages and scripts that the development server has sent, and the source files they come from. */
export class DevSite implements ViolationSite {
  private readonly pages = new Map<string, ScannedPage>()
  private readonly files = new WeakMap<ServedScript, string>()
  private ownFiles: readonly OwnFile[] = []
  private readAt = 0

  constructor(private readonly server: ViteDevServer) {}

  /** Stores a page as it was served. */
  served(pathname: string, page: ScannedPage): void {
    this.pages.delete(pathname)
    this.pages.set(pathname, page)
    const [oldest] = this.pages.keys()
    if (this.pages.size > MOST_PAGES && oldest !== undefined) this.pages.delete(oldest)
  }

  page(url: string): ScannedPage | undefined {
    const path = pathOfUrl(url)
    return path === undefined ? undefined : this.pages.get(path)
  }

  script(url: string): ServedScript | undefined {
    const path = pathOfUrl(url)
    if (path === undefined) return undefined
    const { base, root } = this.server.config
    const own = path.startsWith(base) ? `/${path.slice(base.length)}` : path
    const module = this.modules().find((one) => one.transformResult && withoutQuery(one.url) === own)
    if (!module?.transformResult) return undefined
    const { code, map } = module.transformResult
    const file = module.file === null ? own : shown(root, module.file)
    const script = { file, text: code, map: map ?? undefined }
    if (module.file !== null) this.files.set(script, module.file)
    return script
  }

  source(path: string, script?: ServedScript): OwnFile | undefined {
    const { root } = this.server.config
    const from = script && this.files.get(script)
    const file = isAbsolute(path)
      ? path
      : from === undefined
        ? resolve(root, path)
        : resolve(dirname(from), path)
    const text = textOf(file)
    return text === undefined ? undefined : { file: shown(root, file), text }
  }

  own(): readonly OwnFile[] {
    const now = Date.now()
    if (now - this.readAt > FRESH) [this.readAt, this.ownFiles] = [now, [...this.readOwn()]]
    return this.ownFiles
  }

  private *readOwn(): Iterable<OwnFile> {
    const { root } = this.server.config
    const files = new Set(this.modules().flatMap(({ file }) => file ?? []))
    for (const file of [...files, ...[...this.pages.values()].map(({ path }) => join(root, path))]) {
      if (/[\\/]node_modules[\\/]/.test(file) || !resolve(file).startsWith(`${resolve(root)}${sep}`)) continue
      const text = textOf(file)
      if (text !== undefined) yield { file: shown(root, file), text }
    }
  }

  private modules(): DevModule[] {
    // Before version 6, Vite has a single module graph for browser and server.
    const { environments, moduleGraph } = this.server as Pick<ViteDevServer, 'moduleGraph'> &
      Partial<ViteDevServer>
    const graph = environments?.['client']?.moduleGraph ?? moduleGraph
    return [...graph.idToModuleMap.values()] as DevModule[]
  }
}

const withoutQuery = (url: string): string => url.replace(/[?#].*$/, '')
const shown = (root: string, file: string): string => slashes(relative(root, file))

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
