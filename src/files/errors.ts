/**
 * The cause of a {@link DirectoryError}. Codes are stable; messages may change.
 *
 * - `no-directory`: the directory does not exist, or is a file.
 * - `no-page`: it contains no HTML file to work on.
 * - `out-overlaps`: the directory and the copy (`out`) lie in one another.
 * - `unreadable`, `unwritable`: a file cannot be read or written.
 * - `disk-full`: the disk is full or a quota is used up.
 * - `changed-meanwhile`: another program changed a file during the run.
 * - `unreachable`: a URL cannot be read.
 * - `aborted`: the run was stopped.
 */
export type DirectoryErrorCode =
  | 'no-directory'
  | 'no-page'
  | 'out-overlaps'
  | 'unreadable'
  | 'unwritable'
  | 'disk-full'
  | 'changed-meanwhile'
  | 'unreachable'
  | 'aborted'

const WHY: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EFBIG: 'it would be larger than this process may write',
  ENOTDIR: 'a part of its path is a file, where a directory should be',
  ENAMETOOLONG: 'its name is too long',
  EDQUOT: 'the quota of the disk is used up',
  ENOENT: 'it is gone',
  EISDIR: 'it is a directory',
  EBUSY: 'it is in use',
  EMFILE: 'too many files are open',
}

/** Thrown if a run over a directory cannot be finished. No file was changed. */
export class DirectoryError extends Error {
  override name = 'DirectoryError'

  constructor(
    /** The cause, for programs. */
    readonly code: DirectoryErrorCode,
    message: string,
    /** The file, directory or URL that caused the error. */
    readonly path?: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }

  static from(error: unknown, what: 'read' | 'write', path: string): DirectoryError {
    if (error instanceof DirectoryError) return error
    const code = (error as NodeJS.ErrnoException).code ?? ''
    const why = WHY[code] ?? (error instanceof Error ? error.message : String(error))
    const full = code === 'ENOSPC' || code === 'EDQUOT'
    const kind = full ? 'disk-full' : what === 'read' ? 'unreadable' : 'unwritable'
    const hint = full ? 'Free some space' : `Make the file ${what === 'read' ? 'readable' : 'writable'}`
    return new DirectoryError(
      kind,
      `${path} cannot be ${what === 'read' ? 'read' : 'written'}: ${why}. Nothing was changed. ${hint} and run again.`,
      path,
      { cause: error },
    )
  }

  static changed(path: string): DirectoryError {
    const message = `${path} was changed by another program while the run was under way. Nothing was changed. Run again when it is done.`
    return new DirectoryError('changed-meanwhile', message, path)
  }
}
