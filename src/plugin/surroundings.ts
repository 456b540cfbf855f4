import type { Surroundings } from './rebuild-cache.ts'

export type Content = string | Uint8Array | undefined

/** Files as they are now, in the bundle and on the disk. */
export interface Files {
  content(path: string): Content
  has(path: string): boolean
}

function isSame(a: Content, b: Content): boolean {
  if (a === undefined || b === undefined || typeof a === 'string' || typeof b === 'string') return a === b
  return Buffer.compare(a, b) === 0
}

/** What surrounds the pages of a bundle: its names and its graph, and every file that somebody looked for. */
export class BundleSurroundings implements Surroundings {
  private readonly contents = new Map<string, Content>()
  private readonly existing = new Map<string, boolean>()

  constructor(
    /** Names and graph, as a text to compare. */
    private readonly fixed: string,
    private readonly files: Files,
  ) {}

  content(path: string): Content {
    const content = this.files.content(path)
    this.contents.set(path, content)
    return content
  }

  has(path: string): boolean {
    const has = this.files.has(path)
    this.existing.set(path, has)
    return has
  }

  /** Looks at all that was looked at before, so that the one after this can be compared as well. */
  areAs(before: BundleSurroundings): boolean {
    return (
      this.fixed === before.fixed &&
      [...before.contents].every(([path, content]) => isSame(this.content(path), content)) &&
      [...before.existing].every(([path, has]) => this.has(path) === has)
    )
  }
}
