/** Everything outside the process that a command uses. */
export interface Io {
  /** Prints results, which may be piped. */
  out(text: string): void
  /** Prints progress, findings and errors. */
  err(text: string): void
  /** Whether {@link err} goes to a terminal, so that a line may be drawn over. */
  readonly terminal: boolean
  readonly columns: number
  readonly cwd: string
  readonly signal: AbortSignal
}

/** Exit codes, stable and documented in docs/command-line.md. */
export const EXIT = {
  /** Done, or nothing to do. */
  ok: 0,
  /** A finding is an error, or a browser would refuse something: nothing was written. */
  refused: 1,
  /** The command line, the options or the directory are wrong. */
  usage: 2,
  /** A file, the disk or the network failed: nothing was written. */
  failed: 3,
  /** Stopped by Ctrl-C (128 + SIGINT): nothing was written. */
  interrupted: 130,
  /** Stopped by SIGTERM (128 + 15): nothing was written. */
  terminated: 143,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** The command line cannot be understood. */
export class UsageError extends Error {
  override name = 'UsageError'
}
