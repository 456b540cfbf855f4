import { join } from 'node:path'

export const isPage = (path: string): boolean => /\.html?$/i.test(path)

/** A listing in a form that is cheap to hand to another thread. */
export interface PackedListing {
  readonly root: string
  /** Paths, each followed by a NUL, which no name has. */
  readonly names: string
  readonly links: ReadonlyMap<string, string>
}

/** The files of a directory: path inside the site, with `/` → path on the disk. */
export class Listing {
  constructor(
    /** The directory itself, links resolved. */
    readonly root: string,
    private readonly names: ReadonlySet<string>,
    /** Where those lie that are reached over links. */
    private readonly links: ReadonlyMap<string, string>,
  ) {}

  static unpack({ root, names, links }: PackedListing): Listing {
    return new Listing(root, new Set(names.split('\0').slice(0, -1)), links)
  }

  get packed(): PackedListing {
    const { root, links } = this
    return { root, names: [...this.names, ''].join('\0'), links }
  }

  /** Pages, sorted. One that is reached over several links is listed once, by its own name. */
  get pages(): string[] {
    return [...this.names].filter((path) => isPage(path) && !this.links.has(path)).toSorted()
  }

  has(path: string): boolean {
    return this.names.has(path)
  }

  get(path: string): string | undefined {
    return this.names.has(path) ? this.place(path) : undefined
  }

  /** Where a file lies, or would. */
  place(path: string): string {
    return this.links.get(path) ?? join(this.root, path)
  }

  keys(): Iterable<string> {
    return this.names
  }
}
