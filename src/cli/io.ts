/** What a command sees of the world around it. */
export interface Io {
  /** Results: what may be piped on. */
  out(text: string): void
  /** Progress, findings and errors. */
  err(text: string): void
  /** Whether {@link err} goes to a terminal, so that a line may be drawn over. */
  readonly terminal: boolean
  readonly columns: number
  readonly cwd: string
  readonly signal: AbortSignal
}
