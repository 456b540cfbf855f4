import type { Finding } from '../core/findings/index.ts'
import type { HashAlgorithm, Policy } from '../core/site/model.ts'
import type { ScriptShape } from '../core/csp/policy.ts'

/** How pages share header rules. */
export type Layout = 'auto' | 'union' | 'split' | 'per-page'

/** One page with the policies that it needs, the main one first. */
export interface DeliveredPage {
  /** Path of the file inside the site. */
  readonly path: string
  readonly policies: readonly Policy[]
}

/** Where browsers send their reports. */
export interface Reporting {
  /** Absolute URL, or a path of the site, that takes the reports. */
  readonly endpoint: string
  /** Asks for the first 40 characters of what was blocked. */
  readonly sample: boolean
}

/** The input of an output: the site's pages and policies, and the options that concern delivery. */
export interface Delivery {
  readonly pages: readonly DeliveredPage[]
  /** Paths of pages that get no policy. A header for every path reaches them all the same. */
  readonly excluded?: readonly string[]
  /** Public base of the site: `/`, `/sub/`, `./` or the URL of a CDN. */
  readonly base: string
  readonly layout: Layout
  readonly scripts: ScriptShape
  readonly algorithm: HashAlgorithm
  /** Names of all outputs that get this delivery: those that share a file must write the same one. */
  readonly outputs: readonly string[]
  /** `undefined`: browsers send no reports. */
  readonly reporting: Reporting | undefined
  /** Whether scripts without integrity are reported or blocked; `undefined` sends no `Integrity-Policy`. */
  readonly integrityPolicy: Policy['disposition'] | undefined
  /** Variables of the environment that the site is built in (`VERCEL`). */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /**
   * Text of a file of the site as it stands now (a `_headers` of the user's), a byte order mark included;
   * `undefined` if there is none.
   */
  siteFile(path: string): string | undefined
  /** The same for a file in the root of the project (`netlify.toml`). */
  projectFile(path: string): string | undefined
}

/** A file that an output writes, whole. */
export interface OutputFile {
  /** Path inside the root. */
  readonly path: string
  readonly content: string
  /** `site`: the folder that is deployed; `project`: where the configuration of the project lies. */
  readonly root: 'site' | 'project'
}

/** The result of an output: files, meta tags and findings. */
export interface Delivered {
  /** For each page (by its path) the policies to put into it as meta tags. */
  readonly metas?: Pick<ReadonlyMap<string, readonly Policy[]>, 'get' | 'size'>
  readonly files?: readonly OutputFile[]
  readonly findings?: readonly Finding[]
  /** Steps that are left to the user, such as the line that includes a snippet. One log line each. */
  readonly notes?: readonly string[]
  /** Where the policy of the pages went, for the log: `meta`, `_headers`. */
  readonly place: string
  /** @default nothing is read back */
  readonly expected?: ExpectedHeaders
}

/** The headers that a host must send for a request path, by lower-case name. */
export interface ExpectedAnswer {
  readonly path: string
  /** Path of the page that answers, where the host tells pages apart by their files. */
  readonly file?: string
  readonly headers: ReadonlyMap<string, string>
}

/** What the delivered files must make hosts send. The files are read back, as those hosts read them, before they are written. */
export interface ExpectedHeaders {
  /** Names of the outputs whose hosts read the files. */
  readonly hosts: readonly string[]
  /** Lower-case names of the headers that count. */
  readonly headers: ReadonlySet<string>
  answers(): Iterable<ExpectedAnswer>
}

/** A request to a host. */
export interface HostRequest {
  /** Path of the request, percent-encoded, the mount of the site included. */
  readonly path: string
  /** Path that the site is mounted at: `/`, or `/sub/`. */
  readonly mount: string
  /** Path of the file inside the site that answers, `undefined` if none does. */
  readonly file: string | undefined
}

/**
 * A place for the policy. Implement it for a host of your own: `deliver` is pure, and nothing is written before every
 * output has delivered without an error.
 */
export interface Output {
  readonly name: string
  deliver(delivery: Delivery): Delivered
  /**
   * The headers that the host would send, by lower-case name, for `vite preview`. Hosts that come with an output of this
   * package have readers of their own.
   * @default preview sends no headers for this output
   */
  read?(
    written: Pick<Delivery, 'siteFile' | 'projectFile'>,
    request: HostRequest,
  ): ReadonlyMap<string, string>
}
