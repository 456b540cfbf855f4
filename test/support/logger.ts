import type { Logger } from 'vite'

/** A logger of Vite's that keeps what it is told: all lines, and the warnings among them. */
export function collectingLogger(): {
  readonly logger: Logger
  readonly lines: string[]
  readonly warnings: string[]
} {
  const lines: string[] = []
  const warnings: string[] = []
  const say = (text: string): void => void lines.push(text)
  const warn = (text: string): void => {
    lines.push(text)
    warnings.push(text)
  }
  const logger: Logger = {
    info: say,
    warn,
    warnOnce: warn,
    error: say,
    clearScreen() {},
    hasErrorLogged: () => false,
    hasWarned: false,
  }
  return { logger, lines, warnings }
}
