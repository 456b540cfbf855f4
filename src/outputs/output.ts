import type { Finding } from '../core/findings.ts'
import type { HashAlgorithm, Policy } from '../core/model.ts'
import type { ScriptShape } from '../core/policy.ts'

/** How pages share header rules. */
export type Layout = 'auto' | 'union' | 'split' | 'per-page'

/** One page with the policies that it needs, the main one first. */
export interface DeliveredPage {
  /** Path of the file inside the site. */
  readonly path: string
  readonly policies: readonly Policy[]
}

/** What an output delivers. */
export interface Delivery {
  readonly pages: readonly DeliveredPage[]
  /** Public base of the site: `/`, `/sub/`, `./` or the URL of a CDN. */
  readonly base: string
  readonly layout: Layout
  readonly scripts: ScriptShape
  readonly algorithm: HashAlgorithm
  /** Text of a file of the site as it stands now (a `_headers` of the user's), `undefined` if there is none. */
  siteFile(path: string): string | undefined
}

/** A file that an output writes, whole. */
export interface OutputFile {
  /** Path inside the site. */
  readonly path: string
  readonly content: string
}

/** What an output makes of a delivery. */
export interface Delivered {
  /** For each page (by its path) the policies to put into it as meta tags. */
  readonly metas?: ReadonlyMap<string, readonly Policy[]>
  readonly files?: readonly OutputFile[]
  readonly findings?: readonly Finding[]
  /** Where the policy of the pages went, for the log: `meta`, `_headers`. */
  readonly place: string
}

/**
 * A place for the policy. Implement it for a host of your own: `deliver` is pure, and nothing is written before every
 * output has delivered without an error.
 */
export interface Output {
  readonly name: string
  deliver(delivery: Delivery): Delivered
}
