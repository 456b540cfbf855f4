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

/** Names of the files that a run writes beside a page before it puts them in place: `.index.html.4711.csp-hashes`. */
export const TEMPORARY = /^\..+\.(\d+)\.csp-hashes(?:-old)?$/

/** What a new file takes over from the one whose place it takes. */
export interface Owned {
  readonly mode: number
  readonly uid: number
  readonly gid: number
}

/** File systems allow 255 bytes; what a temporary name adds needs some of them. */
const LONGEST_NAME = 200

/** The new file, beside its place. */
function temporaryOf(real: string): string {
  const name = basename(real)
  const stem = Buffer.byteLength(name) > LONGEST_NAME ? digest(name, 'sha256').replace(/\W/g, '') : name
  return join(dirname(real), `.${stem}.${process.pid}.csp-hashes`)
}

/** A second name of the file as it was, until all new ones are in place. */
const backupOf = (real: string): string => `${temporaryOf(real)}-old`

/**
 * Writes a file whole under a temporary name beside its place. `before` is the file that stands there, where that is
 * known; the answer is whether there is one.
 * @throws {DirectoryError} if it cannot be written; nothing is left of it then
 */
export function stageFile(path: string, real: string, content: Uint8Array, before?: Owned): boolean {
  try {
    const present = before ?? statSync(real, { throwIfNoEntry: false })
    // A rename would replace a file that is write-protected on purpose.
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

/** Whether this process owns the file and may write it. It saves a system call for most of very many files. */
function isPlainlyWritable({ mode, uid }: Owned): boolean {
  return uid === process.getuid?.() && (mode & constants.S_IWUSR) !== 0
}

/** Takes back what {@link stageFile} did. */
export function unstageFile(real: string): void {
  removeIfPossible(temporaryOf(real))
  removeIfPossible(backupOf(real))
}

/** Removes the second name, when all files are in place. */
export function settleFile(real: string): void {
  removeIfPossible(backupOf(real))
}

interface Staged {
  /** As the user knows it. */
  readonly path: string
  /** `undefined`: where a path of the site lies. It is made when it is needed, since there may be very many. */
  readonly real: string | undefined
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

  constructor(
    private readonly rename: Rename = renameSync,
    private readonly place = (path: string): string => path,
  ) {}

  /** @throws {DirectoryError} if the file cannot be written. Nothing is in place yet: {@link discard} the rest. */
  stage(path: string, real: string, content: Uint8Array): void {
    const target = linkTarget(path, real)
    this.staged.push({ path, real: target, exists: stageFile(path, target, content) })
  }

  /** Takes over a file of the site that another thread has written with {@link stageFile}, and will settle. */
  adopt(path: string, exists: boolean): void {
    this.staged.push({ path, real: undefined, exists })
  }

  /**
   * Puts all files in place. This is one stretch without a pause, so that no signal handler runs in between.
   * @throws {DirectoryError} if one cannot be put in place; those before it are put back first
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

  /** Removes what was staged. */
  discard(): void {
    for (const one of this.staged) unstageFile(this.realOf(one))
    this.staged.length = 0
  }

  private realOf({ path, real }: Staged): string {
    return real ?? this.place(path)
  }
}

/** A rename would replace a link by a file, so what it leads to is written. */
function linkTarget(path: string, real: string): string {
  try {
    return lstatSync(real, { throwIfNoEntry: false })?.isSymbolicLink() ? realpathSync(real) : real
  } catch (error) {
    throw DirectoryError.from(error, 'write', path)
  }
}

/** A file that cannot be removed is left to the next run: an error here would hide the one that led here. */
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
      // Some file systems have no hard links.
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
