import { compilePattern, type Pattern } from '../../bounded/pattern.ts'

export type Header = readonly [name: string, value: string]

export interface HostRequest {
  /** Path as a browser sends it, from the root of the deployed folder. */
  readonly path: string
  /** The file that is served, relative to the same root, without a leading slash; `undefined` if there is none. */
  readonly file: string | undefined
}

/** A part of a host's file that the host would reject, or that cannot be checked without the host. */
export interface HostProblem {
  /** Path of the file. */
  readonly file: string
  /** Line in the file, counted from 1. */
  readonly line: number
  /** The problem in words. */
  readonly message: string
  /** `true` if the host would reject the file; `false` if the rule just cannot be checked. */
  readonly fatal: boolean
}

export interface HostReading {
  readonly problems: readonly HostProblem[]
  /** The headers that the host sends with a page. */
  headers(request: HostRequest): readonly Header[]
}

/** A host's configuration file for headers, with a reader that follows the rules of the host. */
export interface HostFile {
  readonly host: string
  /** Names of the files. The first is required, and its presence selects the host. */
  readonly files: readonly [string, ...string[]]
  /** The location of the files: the deployed folder or the root of the project. */
  readonly root: 'site' | 'project'
  /** A condition that the file cannot show. */
  readonly unseen?: string
  /** `mount`: the path under which the site is served, `/` or `/sub/`. */
  read(text: (file: string) => string | undefined, mount: string): HostReading
}

const POLICY = /^content-security-policy$/i

export const isPolicy = (name: string): boolean => POLICY.test(name)

/** The headers that readers keep: policies are judged, and `vite preview` sends them all. */
export const isRead = (name: string): boolean => isPolicy(name) || /^x-content-type-options$/i.test(name)

export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

/** Escapes a text for use in a regular expression. */
export const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

/** Compiles a shell glob. Its `*` and `?` match any characters, slashes included. */
export const globPattern = (glob: string): Pattern | undefined =>
  compilePattern(
    `^${literal(glob)
      .replaceAll(/(?:\\\*)+/g, '.*')
      .replaceAll('\\?', '.')}$`,
  )

/** Keeps the last of several fields with the same name, as do hosts that store each header once. */
export function lastOfEach(headers: Iterable<Header>): Header[] {
  return [...new Map([...headers].map(([name, value]) => [name.toLowerCase(), value]))]
}
