import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { type Finding, finding } from '../core/findings/index.ts'
import { type PageGlobs, pageFilter } from '../core/page/left-pages.ts'
import { DirectoryError } from './errors.ts'
import { TEMPORARY } from './staged-writes.ts'

const SKIPPED: ReadonlySet<string> = new Set(['.git', 'node_modules'])

export const isPage = (path: string): boolean => /\.html?$/i.test(path)

/** A listing in a compact form, cheap to send to a worker thread. */
export interface PackedListing {
  readonly root: string
  /** All paths, each followed by a NUL character, which cannot occur in a file name. */
  readonly names: string
  readonly links: ReadonlyMap<string, string>
  readonly excluded: readonly string[]
}

/** Binary search. A sorted array takes less memory than a set, and a site may have very many pages. */
function includes(sorted: readonly string[], text: string): boolean {
  let [start, end] = [0, sorted.length]
  while (start < end) {
    const middle = (start + end) >> 1
    if ((sorted[middle] ?? '') < text) start = middle + 1
    else end = middle
  }
  return sorted[start] === text
}

/** The files of a directory. Maps paths inside the site, with forward slashes, to paths on disk. */
export class Listing {
  /** Sorted. If several links lead to a page, it is listed once, under its own name. */
  readonly pages: readonly string[]
  private readonly others = new Set<string>()

  constructor(
    /** The directory with symbolic links resolved. */
    readonly root: string,
    names: Iterable<string>,
    /** Path on disk of each file that is reached through a symbolic link. */
    private readonly links: ReadonlyMap<string, string>,
    /** Pages that the user excluded. The run treats them like any other file. */
    readonly excluded: readonly string[] = [],
  ) {
    const pages: string[] = []
    const left = new Set(excluded)
    for (const path of names) {
      if (isPage(path) && !links.has(path) && !left.has(path)) pages.push(path)
      else this.others.add(path)
    }
    this.pages = pages.toSorted()
  }

  static unpack({ root, names, links, excluded }: PackedListing): Listing {
    return new Listing(root, names.split('\0').slice(0, -1), links, excluded)
  }

  get packed(): PackedListing {
    const { root, links, excluded } = this
    return { root, names: [...this.keys(), ''].join('\0'), links, excluded }
  }

  has(path: string): boolean {
    return this.others.has(path) || includes(this.pages, path)
  }

  get(path: string): string | undefined {
    return this.has(path) ? this.place(path) : undefined
  }

  /** The path on disk of a file, whether or not it exists. */
  place(path: string): string {
    return this.links.get(path) ?? join(this.root, path)
  }

  *keys(): Generator<string> {
    yield* this.others
    yield* this.pages
  }
}

/** The contents of a directory. */
export interface Walk {
  /** The directory with symbolic links resolved. */
  readonly root: string
  readonly files: Listing
  /** Sorted. If several links lead to a page, it is listed once, under its own name. */
  readonly pages: readonly string[]
  /** Paths on disk of temporary files that a killed run left behind. */
  readonly leftovers: readonly string[]
  readonly findings: readonly Finding[]
}

class Walker {
  readonly names: string[] = []
  readonly links = new Map<string, string>()
  readonly leftovers: string[] = []
  readonly findings: Finding[] = []

  constructor(private readonly root: string) {}

  /** `above` holds the real paths of all parent directories: a link to one of them is a loop. */
  directory(real: string, prefix: string, above: ReadonlySet<string>, linked: boolean): void {
    const entries = readdirSync(real, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))
    for (const entry of entries)
      this.entry(entry, join(real, entry.name), `${prefix}${entry.name}`, above, linked)
  }

  private entry(
    entry: Dirent,
    real: string,
    path: string,
    above: ReadonlySet<string>,
    linked: boolean,
  ): void {
    if (entry.isFile() && TEMPORARY.test(entry.name)) this.leftovers.push(real)
    else if (entry.isSymbolicLink()) this.link(real, path, above)
    else if (entry.isDirectory()) {
      if (!SKIPPED.has(entry.name)) this.directory(real, `${path}/`, new Set([...above, real]), linked)
    } else if (entry.isFile()) this.file(real, path, linked)
  }

  private file(real: string, path: string, linked: boolean): void {
    this.names.push(path)
    if (linked) this.links.set(path, real)
  }

  private link(link: string, path: string, above: ReadonlySet<string>): void {
    let real: string
    try {
      real = realpathSync(link)
    } catch (error) {
      const loop = (error as NodeJS.ErrnoException).code === 'ELOOP'
      this.findings.push(finding(loop ? 'link-loop' : 'link-broken', { path }))
      return
    }
    if (!isInside(this.root, real)) {
      this.findings.push(finding('link-outside', { path }))
      return
    }
    if (!statSync(real).isDirectory()) this.file(real, path, true)
    else if (above.has(real)) this.findings.push(finding('link-loop', { path }))
    else this.directory(real, `${path}/`, new Set([...above, real]), true)
  }
}

/** True if a real path is the directory itself or lies inside it. */
export function isInside(root: string, real: string): boolean {
  return real === root || real.startsWith(root.endsWith(sep) ? root : root + sep)
}

/**
 * Lists a directory. Follows symbolic links only if their target is inside the directory. Pages that the globs exclude
 * are listed as ordinary files.
 */
export function walk(directory: string, globs: PageGlobs = {}): Walk {
  const root = realpathSync(directory)
  const walker = new Walker(root)
  walker.directory(root, '', new Set([root]), false)
  const excludes = pageFilter(globs)
  const excluded = walker.names.filter((path) => isPage(path) && excludes(path)).toSorted()
  const files = new Listing(root, walker.names, walker.links, excluded)
  return {
    root,
    files,
    pages: files.pages,
    leftovers: walker.leftovers,
    findings: walker.findings,
  }
}

/**
 * Lists a built site.
 * @throws {DirectoryError} if the directory does not exist or contains no page
 */
export function walkSite(directory: string, globs: PageGlobs = {}): Walk {
  let found: Walk
  try {
    found = walk(directory, globs)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw DirectoryError.from(error, 'read', directory)
    const message =
      code === 'ENOENT'
        ? `There is no directory ${directory}. Build the site first, or correct the path.`
        : `${directory} is a file. Give the directory that holds the site, such as ${dirname(directory)}.`
    throw new DirectoryError('no-directory', message, directory)
  }
  if (found.pages.length > 0) return found
  const message =
    found.files.excluded.length > 0
      ? `The option pages leaves out every HTML file of ${directory}. Correct its globs: they are matched against paths in that directory, such as index.html.`
      : `There is no HTML file in ${directory}. Give the directory that the build writes its pages to.`
  throw new DirectoryError('no-page', message, directory)
}
