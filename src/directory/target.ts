import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import type { FileChange } from './api.ts'
import type { OutputFile } from '../outputs/output.ts'
import { DirectoryError } from '../files/errors.ts'
import { Listing } from '../files/walk.ts'
import type { Outcome } from './page-store.ts'
import { readWhole } from '../files/file-cache.ts'
import { removeLeftovers, StagedWrites } from '../files/staged-writes.ts'
import { isInside, type Walk, walk } from '../files/walk.ts'

export interface TargetSettings {
  /** The output directory, if it is not the site itself. */
  readonly out: string | undefined
  /** Root of the project. */
  readonly project: string
  /** Stages nothing. */
  readonly dryRun: boolean
  readonly onChange: ((change: FileChange) => void) | undefined
}

/** The destination of a run: the directory itself or a copy of it. */
export class Target {
  readonly writes = new StagedWrites(undefined, (path) => this.files.place(path))
  private readonly written: string[] = []
  private readonly decided = new Set<string>()

  private constructor(
    /** The files that are already there. */
    readonly files: Listing,
    private readonly settings: TargetSettings,
  ) {}

  /** @throws {DirectoryError} if the copy and the directory overlap, or if a link in the copy leads out of it */
  static of(source: Walk, settings: TargetSettings): Target {
    const { out } = settings
    if (out === undefined) return new Target(source.files, settings)
    const root = existsSync(out) ? realpathSync(out) : resolve(out)
    if (isInside(source.root, root) || isInside(root, source.root)) {
      throw new DirectoryError(
        'out-overlaps',
        `${out} and the directory lie in one another. Give a place beside it, or leave --out away to write in place.`,
        out,
      )
    }
    if (!existsSync(root)) return new Target(new Listing(root, new Set(), new Map()), settings)
    const present = walk(root)
    const leading = present.findings.find(({ code }) => code === 'link-outside')
    if (leading) throw new DirectoryError('unwritable', `${out}: ${leading.message} ${leading.hint}`, out)
    if (!settings.dryRun) removeLeftovers(present.leftovers)
    return new Target(present.files, settings)
  }

  /** Paths of all staged files, as shown to the user. */
  get changed(): readonly string[] {
    return this.written
  }

  /** Files of the site that the run has created, changed or not. */
  get added(): Iterable<string> {
    return this.decided
  }

  /** True if the run has created this file of the site, changed or not. */
  has(path: string): boolean {
    return this.decided.has(path)
  }

  /** Registers a file of the site that was staged elsewhere. */
  adopt(path: string, { changed, exists }: Outcome): void {
    if (this.settings.out !== undefined) this.decided.add(path)
    if (!changed) return
    this.written.push(path)
    if (!this.settings.dryRun) this.writes.adopt(path, exists)
  }

  /** Stages a file of the site, unless it already has this content. */
  put(path: string, content: Uint8Array): boolean {
    this.decided.add(path)
    return this.write(path, this.files.place(path), content)
  }

  /** Stages a file of an output. */
  putOutput({ path, content, root }: OutputFile): boolean {
    if (isAbsolute(path) || path.split(/[\\/]/).includes('..'))
      throw new DirectoryError('unwritable', `The output file ${path} lies outside the ${root}.`, path)
    const bytes = Buffer.from(content)
    return root === 'site'
      ? this.put(path, bytes)
      : this.write(path, join(this.settings.project, path), bytes)
  }

  /** Text of a file in the root of the project. */
  projectFile(path: string): string | undefined {
    try {
      return readFileSync(join(this.settings.project, path), 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw DirectoryError.from(error, 'read', path)
    }
  }

  private write(path: string, real: string, after: Uint8Array): boolean {
    const before = existsSync(real) ? readWhole(real, path) : undefined
    if (before?.equals(after)) return false
    this.written.push(path)
    this.settings.onChange?.({ path, before, after })
    if (!this.settings.dryRun) this.writes.stage(path, real, after)
    return true
  }
}
