export type TryErrorCode = 'no-browser' | 'no-driver' | 'unreachable' | 'script' | 'aborted'

/** A trial that cannot be run. */
export class TryError extends Error {
  override name = 'TryError'

  constructor(
    readonly code: TryErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}
