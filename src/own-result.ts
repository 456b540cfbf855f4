import { type Finding, finding } from './core/findings/index.ts'
import { verifyHead } from './verify/index.ts'

/** A page as it is about to be written. */
export interface FinishedPage {
  readonly path: string
  readonly html: string
  /** How many policies its meta tags carry. */
  readonly metas: number
}

/** Lets the oracle read a page before it is written, so that none goes out whose policy browsers would ignore. */
export function checkFinished({ path, html, metas }: FinishedPage): Finding[] {
  return verifyHead(path, html, metas).map(({ message, location: { line, column } }) => {
    const before = html.split('\n').slice(0, line - 1)
    const offset = before.reduce((sum, one) => sum + one.length + 1, column - 1)
    return finding('result-refused', { reason: message }, { file: path, source: html, offset })
  })
}
