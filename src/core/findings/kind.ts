/** `error` fails the build, `warn` and `info` are told in the log. */
export type Severity = 'error' | 'warn' | 'info'

export interface FindingKind<Data> {
  readonly severity: Severity
  /** What is wrong and what a browser will do. One sentence. */
  readonly message: (data: Data) => string
  /** The way out, in one sentence. It names options by `option()` of ./option.ts, never in words of its own. */
  readonly hint: (data: Data) => string
}

export const kind = <Data>(
  severity: Severity,
  message: (data: Data) => string,
  hint: (data: Data) => string,
): FindingKind<Data> => ({ severity, message, hint })
