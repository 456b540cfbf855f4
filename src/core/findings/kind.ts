/** `error` fails the build, `warn` and `info` are printed to the log. */
export type Severity = 'error' | 'warn' | 'info'

export interface FindingKind<Data> {
  readonly severity: Severity
  /** One sentence: the problem, and what a browser will do. */
  readonly message: (data: Data) => string
  /** The fix, in one sentence. Options are written with `option()` of ./option.ts, never spelled out. */
  readonly hint: (data: Data) => string
}

export const kind = <Data>(
  severity: Severity,
  message: (data: Data) => string,
  hint: (data: Data) => string,
): FindingKind<Data> => ({ severity, message, hint })
