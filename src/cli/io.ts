import { printable } from '../core/text/printable.ts'

/** Everything outside the process that a command uses. */
export interface Io {
  /** Prints results, which may be piped. */
  out(text: string): void
  /** Prints findings and errors. */
  err(text: string): void
  /** Prints a result that another program reads to the letter; escaped like the rest where it goes to a terminal. */
  exact(text: string): void
  /** Prints control sequences of our own to the terminal of {@link err}. */
  draw(text: string): void
  /** Whether {@link err} goes to a terminal, so that a line may be drawn over. */
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

/** The one way to the terminal: whatever a command prints is escaped here, wherever its parts come from. */
export function ioOf(out: Stream, err: Stream, { cwd, signal }: Pick<Io, 'cwd' | 'signal'>): Io {
  return {
    out: (text) => void out.write(printable(text)),
    err: (text) => void err.write(printable(text)),
    exact: (text) => void out.write(out.isTTY === true ? printable(text) : text),
    draw: (text) => void err.write(text),
    terminal: err.isTTY === true,
    // A terminal that does not know its width says 0.
    columns: err.columns || 80,
    cwd,
    signal,
  }
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
