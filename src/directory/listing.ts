import { join } from 'node:path'

export const isPage = (path: string): boolean => /\.html?$/i.test(path)

/** A listing in a form that is cheap to hand to another thread. */
export interface PackedListing {
  readonly root: string
  /** Paths, each followed by a NUL, which no name has. */
  readonly names: string
  readonly links: ReadonlyMap<string, string>
}

/** Whether a text is in a sorted list, which takes up less room than a set: there may be very many pages. */
function includes(sorted: readonly string[], text: string): boolean {
  let [start, end] = [0, sorted.length]
  while (start < end) {
    const middle = (start + end) >> 1
    if ((sorted[middle] ?? '') < text) start = middle + 1
    else end = middle
  }
  return sorted[start] === text
}

/** The files of a directory: path inside the site, with `/` → path on the disk. */
export class Listing {
  /** Pages, sorted. One that is reached over several links is listed once, by its own name. */
  readonly pages: readonly string[]
  private readonly others = new Set<string>()

  constructor(
    /** The directory itself, links resolved. */
    readonly root: string,
    names: Iterable<string>,
    /** Where those lie that are reached over links. */
    private readonly links: ReadonlyMap<string, string>,
  ) {
    const pages: string[] = []
    for (const path of names) {
      if (isPage(path) && !links.has(path)) pages.push(path)
      else this.others.add(path)
    }
    this.pages = pages.toSorted()
  }

  static unpack({ root, names, links }: PackedListing): Listing {
    return new Listing(root, names.split('\0').slice(0, -1), links)
  }

  get packed(): PackedListing {
    const { root, links } = this
    return { root, names: [...this.keys(), ''].join('\0'), links }
  }

  has(path: string): boolean {
    return this.others.has(path) || includes(this.pages, path)
  }

  get(path: string): string | undefined {
    return this.has(path) ? this.place(path) : undefined
  }

  /** Where a file lies, or would. */
  place(path: string): string {
    return this.links.get(path) ?? join(this.root, path)
  }

  *keys(): Generator<string> {
    yield* this.others
    yield* this.pages
  }
}
