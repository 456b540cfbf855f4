import { HOST_FILES, type HostFile, type HostProblem, type HostReading } from './index.ts'

/** One host's reading of its configuration files. */
export interface NamedReading {
  readonly host: string
  readonly file: string
  readonly reading: HostReading
}

/** A configuration file of a host, and the problems in it. */
export interface JudgedFile {
  /** Path of the file. */
  readonly file: string
  /** The hosts that read it. */
  readonly hosts: readonly string[]
  /** Whether the file sets a policy. If it does not, its headers are not checked. */
  readonly policy: boolean
  /** Problems in the file, in the order in which they were found. */
  readonly problems: readonly HostProblem[]
  /** A condition that the file cannot show, such as whether nginx includes the snippet. */
  readonly unseen?: string
}

export interface Readings {
  readonly readings: readonly NamedReading[]
  readonly files: readonly JudgedFile[]
}

/** Reads a file in the deployed folder or in the root of the project. */
export type HostText = (file: string, root: HostFile['root']) => string | undefined

const POLICY = /content-?security-?policy(?!-report-only)/i

/** Reads the files that exist for each host. */
export function readHostFiles(textOf: HostText, mount: string): Readings {
  const readings: NamedReading[] = []
  const files = new Map<string, JudgedFile>()
  for (const { host, files: names, root, unseen, read } of HOST_FILES) {
    const [file] = names
    const text = (name: string): string | undefined => textOf(name, root)
    if (text(file) === undefined) continue
    const policy = names.some((name) => POLICY.test(text(name) ?? ''))
    const reading = policy ? read(text, mount) : undefined
    if (reading) readings.push({ host, file, reading })
    const { hosts = [], problems = [] } = files.get(file) ?? {}
    files.set(file, {
      file,
      hosts: [...hosts, host],
      policy,
      problems: [...problems, ...(reading?.problems ?? [])],
      ...(policy && unseen ? { unseen } : {}),
    })
  }
  return { readings, files: [...files.values()] }
}

const encoded = (path: string): string =>
  new URL(`https://host/${path.replace(/[%?#\\]/g, encodeURIComponent)}`).pathname

/** A path that no site has. */
export const UNKNOWN = '/csp-hashes/no-such-page'

/**
 * The paths under which hosts serve a page, its file name or folder first. `last` is the page served for unknown paths:
 * `404.html` if there is one, otherwise the index page.
 */
export function pathsOf(page: string, last: string): string[] {
  const unknown = page === last ? [UNKNOWN] : []

  const path = encoded(page)
  const folder = path.replace(/(^|\/)index\.html?$/, '$1')
  if (folder !== path) return [folder, path, ...(folder === '/' ? [] : [folder.slice(0, -1)]), ...unknown]
  const bare = path.replace(/\.html?$/, '')
  return [path, bare, `${bare}/`, ...unknown]
}
