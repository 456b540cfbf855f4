import type { Io } from './io.ts'

const WIDTH = 24

/** A progress bar on the last line of a terminal; does nothing if the output is not a terminal. */
export class Progress {
  private shown = false

  constructor(
    private readonly io: Pick<Io, 'draw' | 'terminal' | 'columns'>,
    private readonly enabled: boolean,
  ) {}

  show(done: number, total: number): void {
    if (!this.enabled || !this.io.terminal) return
    const share = Math.min(1, done / Math.max(1, total))
    const filled = Math.round(share * WIDTH)
    const bar = `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${Math.floor(share * 100)}%`
    this.io.draw(`\r${bar.slice(0, this.io.columns - 1)}`)
    this.shown = true
  }

  /** Clears the line, so that later output starts on an empty line. */
  end(): void {
    if (this.shown) this.io.draw('\r\u001B[K')
    this.shown = false
  }
}
