import type { Source } from '../site/model.ts'
import { type Place, placeOf } from '../site/urls.ts'

/**
 * Host sources that together match any origin, because the origin is not known at build time. `*:*` matches the
 * page's own scheme and any port, but WebKit ignores it; WebKit needs the other two for https and for the local
 * preview. An `http:` source would work in all engines, but evaluators object to it.
 */
const ANY_HOST = ['https://*:*', '*:*', 'localhost:*']

/**
 * Up to this many files in a root directory are named one by one; if there are more, the directory itself is
 * named.
 */
const MOST_EXACT_PATHS = 16

export interface ScriptLocations {
  /** For `script-src-elem` of the strict policy. */
  readonly own: readonly Source[]
  /** Those on other origins, which the fence must allow too. */
  readonly foreign: readonly Source[]
  /** Number of scripts in the root of an origin if they are too many to be named one by one. */
  readonly crowdedRoot: number
}

const isKind =
  <Kind extends Place['kind']>(kind: Kind) =>
  (place: Place): place is Extract<Place, { kind: Kind }> =>
    place.kind === kind

const ENDS_A_SOURCE = /[;,]/g

/**
 * Encodes a path for a source expression: `;` and `,` would end the expression.
 * @see https://www.w3.org/TR/CSP3/#grammardef-path-part
 */
function pathPart(pathname: string): string {
  return pathname.replace(ENDS_A_SOURCE, (character) => (character === ';' ? '%3B' : '%2C'))
}

function directoryOf(pathname: string): string {
  return pathname.slice(0, pathname.lastIndexOf('/') + 1)
}

/** The smallest set of prefixes that covers all directories: a directory inside another one adds nothing. */
function outermost(directories: Iterable<string>): string[] {
  const all = [...new Set(directories)].toSorted()
  return all.filter((directory) => !all.some((other) => other !== directory && directory.startsWith(other)))
}

interface Narrowed {
  readonly paths: readonly string[]
  readonly crowdedRoot: number
}

/**
 * Names the directories of scripts, but files in a root one by one: the root directory contains the whole site,
 * including any files that visitors may upload.
 */
function narrow(pathnames: readonly string[], root: string): Narrowed {
  const isRoot = (directory: string): boolean => directory === '/' || directory === root
  const inRoot = [...new Set(pathnames.filter((path) => isRoot(directoryOf(path))))].toSorted()
  const crowded = inRoot.length > MOST_EXACT_PATHS
  const others = pathnames.map(directoryOf).filter((directory) => !isRoot(directory))
  const directories = outermost(crowded ? [...others, ...inRoot.map(directoryOf)] : others)
  return {
    paths: crowded ? directories : [...directories, ...inRoot],
    crowdedRoot: crowded ? inRoot.length : 0,
  }
}

export interface LocationSettings {
  readonly fence: boolean
  readonly origins: readonly string[]
  /** The public base of the site, as a URL. */
  readonly root: URL
}

/**
 * The locations of the page's own scripts, as directory sources (a path that ends in `/` is a prefix) and exact
 * paths. Exact paths are used for scripts in the root of the site or of its base, and for paths that the user
 * names.
 *
 * The host part matches any origin. Only together with the fence, which restricts scripts to the page's own
 * origin, does it mean "this directory of this site"; without the fence, `'self'` is the narrowest safe source.
 * @see https://www.w3.org/TR/CSP3/#match-paths
 */
export function scriptLocations(
  urls: readonly URL[],
  named: readonly URL[],
  { fence, origins, root }: LocationSettings,
): ScriptLocations {
  const places = urls.map(placeOf)
  const own: Source[] = []
  let crowdedRoot = 0
  const pathsOf = (list: readonly Place[]): string[] => list.filter(isKind('own-origin')).map(pathnameOf)
  const [onOrigin, exact] = [pathsOf(places), pathsOf(named.map(placeOf))]
  const some = onOrigin.length + exact.length > 0
  if (places.some(isKind('mount-unknown')) || (some && !fence)) {
    own.push({ expression: "'self'", reason: { kind: 'directory', directory: './' } })
  }
  if (some && fence) {
    const narrowed = narrow(onOrigin, root.pathname)
    crowdedRoot = narrowed.crowdedRoot
    const inside = (path: string): boolean =>
      narrowed.paths.some((one) => one.endsWith('/') && path.startsWith(one))
    for (const path of new Set([...narrowed.paths, ...exact.filter((one) => !inside(one))])) {
      for (const host of [...ANY_HOST, ...origins]) {
        own.push({ expression: `${host}${pathPart(path)}`, reason: { kind: 'directory', directory: path } })
      }
    }
  }
  const foreign = foreignLocations(places.filter(isKind('foreign')), root)
  return { own: [...own, ...foreign], foreign, crowdedRoot }
}

const pathnameOf = ({ pathname }: { readonly pathname: string }): string => pathname

function foreignLocations(places: readonly Extract<Place, { kind: 'foreign' }>[], root: URL): Source[] {
  return [...new Set(places.map(({ origin }) => origin))].flatMap((origin) => {
    const pathnames = places.filter((place) => place.origin === origin).map(pathnameOf)
    return narrow(pathnames, root.origin === origin ? root.pathname : '/').paths.map((path) => ({
      expression: `${origin}${pathPart(path)}`,
      reason: { kind: 'directory' as const, directory: `${origin}${path}` },
    }))
  })
}
