import { type Finding, finding } from './core/findings/index.ts'
import { verifyHead } from './verify/index.ts'

/** A page that is ready to be written. */
export interface FinishedPage {
  readonly path: string
  readonly html: string
  /** Number of policies in its meta tags. */
  readonly metas: number
}

/**
 * Checks a page with the oracle before it is written, so that no page is written whose policy browsers would
 * ignore.
 */
export function checkFinished({ path, html, metas }: FinishedPage): Finding[] {
  return verifyHead(path, html, metas).map(({ message, location: { line, column } }) => {
    const before = html.split('\n').slice(0, line - 1)
    const offset = before.reduce((sum, one) => sum + one.length + 1, column - 1)
    return finding('result-refused', { reason: message }, { file: path, source: html, offset })
  })
}
