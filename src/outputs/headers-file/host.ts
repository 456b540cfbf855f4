import type { HostLimits } from '../limits.ts'

/** How a host understands a `_headers` file. */
export interface HeadersFileHost {
  /** Name of its output. */
  readonly name: string
  readonly limits: HostLimits
  /** Whether a rule for a path pattern applies to a request. */
  matches(pattern: string, requestPath: string): boolean
  /** The headers of a response, by lower-case name. */
  read(text: string, requestPath: string): ReadonlyMap<string, string>
}
