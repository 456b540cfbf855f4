import {
  accessSync,
  constants,
  copyFileSync,
  fchmodSync,
  fchownSync,
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DirectoryError } from './errors.ts'
import { TEMPORARY } from './walk.ts'

interface Staged {
  /** As the user knows it. */
  readonly path: string
  readonly real: string
  readonly temporary: string
  /** A second name of the file as it was, while the new one is put in place. */
  readonly backup: string
  readonly exists: boolean
}

/** Renames a file over another one. It can be replaced so that a failure in the middle can be tried. */
export type Rename = (from: string, to: string) => void

/**
 * Files that are written together: each whole under a temporary name beside its place, then all renamed.
 * A process that is killed leaves each file as it was or as it was to be, and some temporary files
 * ({@link removeLeftovers}).
 */
export class StagedWrites {
  private readonly staged: Staged[] = []

  constructor(private readonly rename: Rename = renameSync) {}

  get size(): number {
    return this.staged.length
  }

  /** @throws {DirectoryError} if the file cannot be written. Nothing is in place yet: {@link discard} the rest. */
  stage(path: string, real: string, content: Uint8Array): void {
    const beside = join(dirname(real), `.${basename(real)}.${process.pid}.csp-hashes`)
    try {
      const before = statSync(real, { throwIfNoEntry: false })
      // A rename would replace a file that is write-protected on purpose.
      if (before) accessSync(real, constants.W_OK)
      else mkdirSync(dirname(real), { recursive: true })
      this.staged.push({
        path,
        real,
        temporary: beside,
        backup: `${beside}-old`,
        exists: before !== undefined,
      })
      writeWhole(beside, content, before)
    } catch (error) {
      throw DirectoryError.from(error, 'write', path)
    }
  }

  /**
   * Puts all files in place. This is one stretch without a pause, so that no signal handler runs in between.
   * @throws {DirectoryError} if one cannot be put in place; those before it are put back first
   */
  commit(): void {
    const done: Staged[] = []
    for (const one of this.staged) {
      try {
        if (one.exists) keepSecondName(one)
        this.rename(one.temporary, one.real)
        done.push(one)
      } catch (error) {
        for (const { exists, backup, real } of done) {
          if (exists) this.rename(backup, real)
          else rmSync(real, { force: true })
        }
        this.discard()
        throw DirectoryError.from(error, 'write', one.path)
      }
    }
    for (const { backup } of done) removeIfPossible(backup)
    this.staged.length = 0
  }

  /** Removes what was staged. */
  discard(): void {
    for (const { temporary, backup } of this.staged)
      for (const path of [temporary, backup]) removeIfPossible(path)
    this.staged.length = 0
  }
}

/** What cannot be removed now is a leftover that the next run meets; it must not hide what went wrong before. */
function removeIfPossible(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // Told by the run that needs the place.
  }
}

function keepSecondName({ real, backup }: Staged): void {
  rmSync(backup, { force: true })
  try {
    linkSync(real, backup)
  } catch {
    // Some file systems have no hard links.
    copyFileSync(real, backup)
  }
}

function writeWhole(
  path: string,
  content: Uint8Array,
  like: { readonly mode: number; readonly uid: number; readonly gid: number } | undefined,
): void {
  rmSync(path, { force: true })
  const file = openSync(path, 'wx', like ? like.mode & 0o777 : 0o666)
  try {
    for (let written = 0; written < content.length;) written += writeSync(file, content, written)
    if (like) keepOwner(file, path, like)
  } finally {
    closeSync(file)
  }
}

function keepOwner(
  file: number,
  path: string,
  like: { readonly mode: number; readonly uid: number; readonly gid: number },
): void {
  const { uid, gid, mode } = statSync(path)
  if (uid !== like.uid || gid !== like.gid) {
    try {
      fchownSync(file, like.uid, like.gid)
    } catch {
      // Only the superuser may give a file away; the content is right all the same.
    }
  }
  // The mode given to open() is cut by the umask.
  if ((mode & 0o777) !== (like.mode & 0o777)) fchmodSync(file, like.mode & 0o777)
}

function isRunning(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Removes the temporary files of runs that are over. */
export function removeLeftovers(paths: Iterable<string>): void {
  for (const path of paths) {
    const pid = Number(TEMPORARY.exec(basename(path))?.[1])
    if (!isRunning(pid)) removeIfPossible(path)
  }
}
