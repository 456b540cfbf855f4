import { printable } from '../core/text/printable.ts'

/** Everything outside the process that a command uses. */
export interface Io {
  /** Prints results, which may be piped. */
  out(text: string): void
  /** Prints findings and errors. */
  err(text: string): void
  /** Prints a result byte for byte, for other programs; on a terminal it is escaped like all other output. */
  exact(text: string): void
  /** Prints our own control sequences to the terminal of {@link err}. */
  draw(text: string): void
  /** Whether {@link err} is a terminal, so that a line can be overwritten. */
  readonly terminal: boolean
  readonly columns: number
  readonly cwd: string
  readonly signal: AbortSignal
}

interface Stream {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

/** All terminal output goes through here and is escaped, so that no part of it can control the terminal. */
export function ioOf(out: Stream, err: Stream, { cwd, signal }: Pick<Io, 'cwd' | 'signal'>): Io {
  return {
    out: (text) => void out.write(printable(text)),
    err: (text) => void err.write(printable(text)),
    exact: (text) => void out.write(out.isTTY === true ? printable(text) : text),
    draw: (text) => void err.write(text),
    terminal: err.isTTY === true,
    // Some terminals report a width of 0.
    columns: err.columns || 80,
    cwd,
    signal,
  }
}

/** Exit codes: stable, and documented in docs/command-line.md. */
export const EXIT = {
  /** Done, or nothing to do. */
  ok: 0,
  /** A finding is an error, or a browser would block something: nothing was written. */
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

/** The command line is invalid. */
export class UsageError extends Error {
  override name = 'UsageError'
}
