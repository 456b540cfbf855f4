import { compilePattern, type Pattern } from '../../bounded/pattern.ts'

export type Header = readonly [name: string, value: string]

export interface HostRequest {
  /** Path as a browser sends it, from the root of what is deployed. */
  readonly path: string
  /** The file that answers, from the same root, without a leading slash; `undefined` if no file does. */
  readonly file: string | undefined
}

/** Something in a file that the host would refuse, or that cannot be judged without the host. */
export interface HostProblem {
  readonly file: string
  readonly line: number
  readonly message: string
  /** Whether it stops a deployment. What only cannot be judged does not, but it is told. */
  readonly fatal: boolean
}

export interface HostReading {
  readonly problems: readonly HostProblem[]
  /** What the host sends with a page. */
  headers(request: HostRequest): readonly Header[]
}

/** A file by which a host is told what headers to send, and how that host reads it. */
export interface HostFile {
  readonly host: string
  /** Names of the files, the one that is looked for first. */
  readonly files: readonly [string, ...string[]]
  /** Where they lie: in the folder that is deployed, or in the root of the project. */
  readonly root: 'site' | 'project'
  /** What cannot be seen in the file. */
  readonly unseen?: string
  /** `mount`: where requests find the site, `/` or `/sub/`. */
  read(text: (file: string) => string | undefined, mount: string): HostReading
}

const POLICY = /^content-security-policy$/i

export const isPolicy = (name: string): boolean => POLICY.test(name)

/** Headers that are read: policies are judged, and `vite preview` sends all of them. */
export const isRead = (name: string): boolean => isPolicy(name) || /^x-content-type-options$/i.test(name)

export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

/** Text as a regular expression that matches it alone. */
export const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

/** A shell's pattern, in which `*` and `?` stand for any characters. */
export const globPattern = (glob: string): Pattern | undefined =>
  compilePattern(
    `^${literal(glob)
      .replaceAll(/(?:\\\*)+/g, '.*')
      .replaceAll('\\?', '.')}$`,
  )

/** Of several fields with one name the last, as hosts do that know each header once. */
export function lastOfEach(headers: Iterable<Header>): Header[] {
  return [...new Map([...headers].map(([name, value]) => [name.toLowerCase(), value]))]
}
