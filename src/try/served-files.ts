import { existsSync, readFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { scanPage } from '../core/html/scan.ts'
import type { ScannedPage } from '../core/site/model.ts'
import { pathOfUrl } from '../core/violations/violation.ts'
import type { OwnFile, ServedScript, ViolationSite } from '../core/violations/violation-site.ts'
import { slashes } from '../files/slashes.ts'

interface SourceMapJson {
  readonly sourceRoot?: string
  readonly sources?: readonly (string | null)[]
  readonly sourcesContent?: readonly (string | null)[]
}

const MAP_COMMENT = /\/[/*][#@] sourceMappingURL=([^\s*]+)(?:\s*\*\/)?\s*$/
const TIMEOUT = 30_000

/**
 * The files that a trial's server sent, and the user's files that they were made from. All files are fetched
 * before violations are explained.
 */
export class ServedFiles implements ViolationSite {
  private readonly pages = new Map<string, ScannedPage>()
  private readonly scripts = new Map<string, ServedScript>()
  private readonly fetched = new Map<string, Promise<Fetched | undefined>>()

  constructor(
    /** URL of the root of the site. */
    private readonly root: string,
    private readonly project: string,
    private readonly read: (url: string) => Promise<Fetched | undefined> = fetchText,
  ) {}

  /** Fetches the documents and scripts at these URLs, with their source maps. */
  async load(urls: Iterable<string>): Promise<void> {
    await Promise.all(
      [...new Set(urls)]
        .filter((url) => url.startsWith(new URL(this.root).origin))
        .map((url) => this.loadOne(url)),
    )
  }

  private async loadOne(url: string): Promise<void> {
    const found = await this.fetch(url)
    if (!found) return
    const path = this.pathOf(url)
    if (found.type.includes('html')) {
      const file = path === '' || path.endsWith('/') ? `${path}index.html` : path
      this.pages.set(withoutFragment(url), scanPage(file, found.text))
    } else
      this.scripts.set(withoutFragment(url), {
        file: path,
        text: found.text,
        map: await this.mapOf(url, found.text),
      })
  }

  private async mapOf(url: string, text: string): Promise<SourceMapJson | undefined> {
    const named = MAP_COMMENT.exec(text)?.[1]
    // With `sourcemap: 'hidden'`, the map is next to its script, but no comment names it.
    const address = new URL(named ?? `${new URL(url).pathname}.map`, url).href
    const map = await this.fetch(address)
    if (!map || map.type.includes('html')) return undefined
    try {
      return JSON.parse(map.text) as SourceMapJson
    } catch {
      return undefined
    }
  }

  private fetch(url: string): Promise<Fetched | undefined> {
    const known = this.fetched.get(url)
    if (known) return known
    const asked = this.read(url)
    this.fetched.set(url, asked)
    return asked
  }

  private pathOf(url: string): string {
    const path = pathOfUrl(url) ?? url
    const mount = pathOfUrl(new URL('.', this.root).href) ?? '/'
    return path.startsWith(mount) ? path.slice(mount.length) : path.slice(1)
  }

  page(url: string): ScannedPage | undefined {
    return this.pages.get(withoutFragment(url))
  }

  script(url: string): ServedScript | undefined {
    return this.scripts.get(withoutFragment(url))
  }

  source(path: string, script?: ServedScript): OwnFile | undefined {
    if (script) return sourcesOf(script, this.project).find(({ source }) => source === path)?.own
    // Vite keeps the path of a page: its source has the same path below the root of the project.
    const file = resolve(this.project, path)
    const isInside = file.startsWith(`${resolve(this.project)}${sep}`)
    return isInside && existsSync(file) ? { file: path, text: readFileSync(file, 'utf8') } : undefined
  }

  *own(): Iterable<OwnFile> {
    for (const { path, source } of this.pages.values())
      yield this.source(path) ?? { file: path, text: source }
    for (const script of this.scripts.values()) {
      const sources = sourcesOf(script, this.project).filter(
        ({ source }) => !source.includes('node_modules/'),
      )
      if (sources.length > 0) yield* sources.map(({ own }) => own)
      else yield script
    }
  }
}

/** The response of a server for a file. */
export interface Fetched {
  readonly text: string
  readonly type: string
}

async function fetchText(url: string): Promise<Fetched | undefined> {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(TIMEOUT),
      headers: { accept: 'text/html,*/*' },
    })
    return { text: await response.text(), type: response.headers.get('content-type') ?? '' }
  } catch {
    return undefined
  }
}

const withoutFragment = (url: string): string => url.replace(/#.*$/, '')

/** The source texts in a source map, under names that are familiar to the user. */
function sourcesOf({ map, file }: ServedScript, project: string): { source: string; own: OwnFile }[] {
  const { sources = [], sourcesContent = [], sourceRoot } = (map ?? {}) as SourceMapJson
  return sources.flatMap((name, index) => {
    const text = sourcesContent[index]
    if (typeof name !== 'string' || typeof text !== 'string') return []
    const source = sourceRoot ? `${sourceRoot.replace(/\/$/, '')}/${name}` : name
    return [{ source, own: { file: readableName(source, file, project), text } }]
  })
}

/**
 * Maps `../../src/main.ts` in `assets/index.js` to `src/main.ts`. Leading `..` are dropped, because the depth of
 * the output directory in the project is unknown.
 */
function readableName(source: string, script: string, project: string): string {
  if (source.startsWith('file:')) return slashes(relative(project, fileURLToPath(source)))
  const joined = slashes(join(script, '..', source))
  return joined.replace(/^(?:\.\.\/)+/, '')
}
