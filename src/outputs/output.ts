import type { Finding } from '../core/findings/index.ts'
import type { HashAlgorithm, Policy } from '../core/site/model.ts'
import type { ScriptShape } from '../core/csp/policy.ts'

/**
 * How pages share header rules.
 *
 * - `union`: one rule for all paths, with the policies of all pages combined.
 * - `split`: the policy of each page in its meta tags; a header only for what a meta tag cannot contain.
 * - `per-page`: a rule for each page with its own policy, and a rule for all other paths.
 * - `auto`: `union` if it fits the limits of the host, otherwise `split`.
 */
export type Layout = 'auto' | 'union' | 'split' | 'per-page'

/** A page and the policies that it needs. */
export interface DeliveredPage {
  /** Path of the file inside the site. */
  readonly path: string
  /** The main policy first. A script must pass all of them. */
  readonly policies: readonly Policy[]
}

/** Where browsers send violation reports. */
export interface Reporting {
  /** Absolute URL, or path of the site, that receives the reports. */
  readonly endpoint: string
  /** Whether reports contain the first 40 characters of a blocked script. */
  readonly sample: boolean
}

/** The input of an output: the pages of the site with their policies, and the options about delivery. */
export interface Delivery {
  /** All pages that get a policy. */
  readonly pages: readonly DeliveredPage[]
  /** Paths of the pages that the user excluded. A header for every path still applies to them. */
  readonly excluded?: readonly string[]
  /** Public base of the site: `/`, `/sub/`, `./` or the URL of a CDN. */
  readonly base: string
  /** The option `layout`. */
  readonly layout: Layout
  /** The option `scripts`. */
  readonly scripts: ScriptShape
  /** The option `algorithm`. */
  readonly algorithm: HashAlgorithm
  /** Names of all configured outputs. Outputs that write the same file must write the same content. */
  readonly outputs: readonly string[]
  /** Where browsers send violation reports; `undefined` if they send none. */
  readonly reporting: Reporting | undefined
  /** Whether browsers report or block scripts without integrity; `undefined` if no `Integrity-Policy` is sent. */
  readonly integrityPolicy: Policy['disposition'] | undefined
  /** The environment variables of the build, such as `VERCEL`. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /**
   * Returns the current text of a file in the site, such as your own `_headers`, including a byte order mark.
   * Returns `undefined` if the file does not exist.
   */
  siteFile(path: string): string | undefined
  /** Like `siteFile`, for a file in the root of the project, such as `netlify.toml`. */
  projectFile(path: string): string | undefined
}

/** A file that an output writes. */
export interface OutputFile {
  /** Path inside the root. */
  readonly path: string
  /** The complete text. It replaces the file if it exists. */
  readonly content: string
  /** `site` is the folder that is deployed, `project` the root of the project. */
  readonly root: 'site' | 'project'
}

/** The result of an output. */
export interface Delivered {
  /** The policies to insert as meta tags, by path of the page. */
  readonly metas?: Pick<ReadonlyMap<string, readonly Policy[]>, 'get' | 'size'>
  /** The files to write. */
  readonly files?: readonly OutputFile[]
  /** Problems to report. If one of them is an error, nothing is written. */
  readonly findings?: readonly Finding[]
  /** Steps that the user still has to do, such as including a snippet. Each is printed on a line of the log. */
  readonly notes?: readonly string[]
  /** Where the policies are written, for the log: `meta` or the name of a file, such as `_headers`. */
  readonly place: string
  /** The headers to check before the files are written. @default no check */
  readonly expected?: ExpectedHeaders
}

/** The headers that a host must send for a request path. */
export interface ExpectedAnswer {
  /** Path of the request. */
  readonly path: string
  /** Path of the page that the host serves, if the host selects rules by file instead of path. */
  readonly file?: string
  /** Header values by lower-case name. */
  readonly headers: ReadonlyMap<string, string>
}

/**
 * The headers that hosts must send because of the delivered files. Before the files are written, they are read by the
 * rules of these hosts and compared with it.
 */
export interface ExpectedHeaders {
  /** Names of the outputs whose hosts read these files. */
  readonly hosts: readonly string[]
  /** Lower-case names of the headers to compare. */
  readonly headers: ReadonlySet<string>
  /** The expected headers, one entry per request. */
  answers(): Iterable<ExpectedAnswer>
}

/** A request that `vite preview` answers as the host would. */
export interface HostRequest {
  /** Percent-encoded path of the request. It begins with `mount`. */
  readonly path: string
  /** Path under which the site is served, such as `/` or `/sub/`. */
  readonly mount: string
  /** Path inside the site of the file that is served; `undefined` if there is none. */
  readonly file: string | undefined
}

/**
 * A way to deliver policies. Implement it if your host is not among the outputs of this package. Nothing is written
 * before all outputs have returned without an error.
 */
export interface Output {
  /** Name of the output, for the log. */
  readonly name: string
  /** Returns the files and meta tags that deliver the policies. It must not write anything itself. */
  deliver(delivery: Delivery): Delivered
  /**
   * Returns the headers that the host would send for a request, by lower-case name, so that `vite preview` sends them.
   * The outputs of this package do not need it.
   * @default `vite preview` sends no headers for this output
   */
  read?(
    written: Pick<Delivery, 'siteFile' | 'projectFile'>,
    request: HostRequest,
  ): ReadonlyMap<string, string>
}
