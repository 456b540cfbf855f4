import {
  accessSync,
  constants,
  copyFileSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  closeSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { digest } from '../core/site/digest.ts'
import { DirectoryError } from './errors.ts'

/** Matches the temporary files that a run writes next to its pages, such as `.index.html.4711.csp-hashes`. */
export const TEMPORARY = /^\..+\.(\d+)\.csp-hashes(?:-old)?$/

/** The attributes that a new file inherits from the file it replaces. */
export interface Owned {
  readonly mode: number
  readonly uid: number
  readonly gid: number
}

/** File systems allow 255 bytes; this leaves room for what a temporary name adds. */
const LONGEST_NAME = 200

/** The temporary name under which the new file is written, in the same folder. */
function temporaryOf(real: string): string {
  const name = basename(real)
  const stem = Buffer.byteLength(name) > LONGEST_NAME ? digest(name, 'sha256').replace(/\W/g, '') : name
  return join(dirname(real), `.${stem}.${process.pid}.csp-hashes`)
}

/** The name of a hard link to the old file. It is kept until all new files are in place. */
const backupOf = (real: string): string => `${temporaryOf(real)}-old`

/**
 * Writes a complete file under a temporary name next to its destination. `before` describes the file already at the
 * destination, if the caller knows it. Returns true if there is such a file.
 * @throws {DirectoryError} if the file cannot be written; all temporary files are then removed
 */
export function stageFile(path: string, real: string, content: Uint8Array, before?: Owned): boolean {
  try {
    const present = before ?? statSync(real, { throwIfNoEntry: false })
    // A rename would replace even a file that is write-protected on purpose.
    if (present) {
      if (!isPlainlyWritable(present)) accessSync(real, constants.W_OK)
    } else mkdirSync(dirname(real), { recursive: true })
    writeWhole(temporaryOf(real), content, present)
    if (present) keepSecondName(real)
    return present !== undefined
  } catch (error) {
    unstageFile(real)
    throw DirectoryError.from(error, 'write', path)
  }
}

/** True if this process owns the file and may write it. Saves one system call per file, on sites with many pages. */
function isPlainlyWritable({ mode, uid }: Owned): boolean {
  return uid === process.getuid?.() && (mode & constants.S_IWUSR) !== 0
}

/** Undoes {@link stageFile}. */
export function unstageFile(real: string): void {
  removeIfPossible(temporaryOf(real))
  removeIfPossible(backupOf(real))
}

/** Removes the backup link of the old file once all files are in place. */
export function settleFile(real: string): void {
  removeIfPossible(backupOf(real))
}

interface Staged {
  /** The path to show to the user. */
  readonly path: string
  /** `undefined` for a path in the site, which is resolved on demand to save memory: there may be very many. */
  readonly real: string | undefined
  readonly exists: boolean
}

/** Renames a file over another one. Tests replace it to simulate a failure halfway through. */
export type Rename = (from: string, to: string) => void

/**
 * A group of files that are written together: each is written under a temporary name, then all are renamed. If the
 * process is killed, every file is complete, either old or new, and some temporary files remain
 * ({@link removeLeftovers}).
 */
export class StagedWrites {
  private readonly staged: Staged[] = []

  constructor(
    private readonly rename: Rename = renameSync,
    private readonly place = (path: string): string => path,
  ) {}

  /** @throws {DirectoryError} if the file cannot be written. Nothing is in place yet; call {@link discard}. */
  stage(path: string, real: string, content: Uint8Array): void {
    const target = linkTarget(path, real)
    this.staged.push({ path, real: target, exists: stageFile(path, target, content) })
  }

  /** Registers a file of the site that was written with {@link stageFile} elsewhere. The writer also settles it. */
  adopt(path: string, exists: boolean): void {
    this.staged.push({ path, real: undefined, exists })
  }

  /**
   * Puts all files in place. It is synchronous, so that no signal handler runs halfway through.
   * @throws {DirectoryError} if a file cannot be put in place; the files before it are restored first
   */
  commit(): void {
    for (const [index, one] of this.staged.entries()) {
      try {
        const real = this.realOf(one)
        this.rename(temporaryOf(real), real)
      } catch (error) {
        for (const done of this.staged.slice(0, index)) {
          const real = this.realOf(done)
          if (done.exists) this.rename(backupOf(real), real)
          else rmSync(real, { force: true })
        }
        this.discard()
        throw DirectoryError.from(error, 'write', one.path)
      }
    }
    for (const { real, exists } of this.staged) if (exists && real !== undefined) settleFile(real)
    this.staged.length = 0
  }

  /** Removes all staged files. */
  discard(): void {
    for (const one of this.staged) unstageFile(this.realOf(one))
    this.staged.length = 0
  }

  private realOf({ path, real }: Staged): string {
    return real ?? this.place(path)
  }
}

/** A rename would replace a symbolic link with a file, so write to the target of the link. */
function linkTarget(path: string, real: string): string {
  try {
    return lstatSync(real, { throwIfNoEntry: false })?.isSymbolicLink() ? realpathSync(real) : real
  } catch (error) {
    throw DirectoryError.from(error, 'write', path)
  }
}

/** Ignores failures: an error here would hide the original one, and the next run can remove the file. */
function removeIfPossible(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // The next run that needs the name reports it.
  }
}

/** If a leftover file of an earlier run has this name, remove it and try again. */
function withFreeName(path: string, make: () => void): void {
  try {
    make()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    rmSync(path, { force: true })
    make()
  }
}

function keepSecondName(real: string): void {
  const backup = backupOf(real)
  withFreeName(backup, () => {
    try {
      linkSync(real, backup)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error
      // Some file systems do not support hard links.
      copyFileSync(real, backup)
    }
  })
}

function writeWhole(path: string, content: Uint8Array, like: Owned | undefined): void {
  withFreeName(path, () => {
    const file = openSync(path, 'wx', like ? like.mode & 0o777 : 0o666)
    try {
      for (let written = 0; written < content.length;) written += writeSync(file, content, written)
      if (like) keepOwner(file, like)
    } finally {
      closeSync(file)
    }
  })
}

function keepOwner(file: number, like: Owned): void {
  const { uid, gid, mode } = fstatSync(file)
  if (uid !== like.uid || gid !== like.gid) {
    try {
      fchownSync(file, like.uid, like.gid)
    } catch {
      // Only the superuser may change the owner. The content is correct anyway.
    }
  }
  // The umask reduces the mode that was given to open().
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

/** Removes the temporary files of runs that have ended. */
export function removeLeftovers(paths: Iterable<string>): void {
  for (const path of paths) {
    const pid = Number(TEMPORARY.exec(basename(path))?.[1])
    if (!isRunning(pid)) removeIfPossible(path)
  }
}
