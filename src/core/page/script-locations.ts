import type { Source } from '../site/model.ts'
import { type Place, placeOf } from '../site/urls.ts'

/**
 * Host sources that together match any origin, which is not known at build time. `*:*` takes the page's own scheme and
 * any port, and WebKit ignores it; the other two are what WebKit needs for https and for the local preview. An `http:`
 * source would do for all engines, but evaluators object to it.
 */
const ANY_HOST = ['https://*:*', '*:*', 'localhost:*']

/** So many single files are named exactly; beyond that the root directory itself is. */
const MOST_EXACT_PATHS = 16

export interface ScriptLocations {
  /** For `script-src-elem` of the strict policy. */
  readonly own: readonly Source[]
  /** The foreign ones among them, which the fence must let in as well. */
  readonly foreign: readonly Source[]
  /** Scripts in the root of an origin, where they are too many to be named. */
  readonly crowdedRoot: number
}

const isKind =
  <Kind extends Place['kind']>(kind: Kind) =>
  (place: Place): place is Extract<Place, { kind: Kind }> =>
    place.kind === kind

const ENDS_A_SOURCE = /[;,]/g

/** A path as a source expression may hold it: `;` and `,` would end it. @see https://www.w3.org/TR/CSP3/#grammardef-path-part */
function pathPart(pathname: string): string {
  return pathname.replace(ENDS_A_SOURCE, (character) => (character === ';' ? '%3B' : '%2C'))
}

function directoryOf(pathname: string): string {
  return pathname.slice(0, pathname.lastIndexOf('/') + 1)
}

/** The fewest prefixes that hold all: a directory inside another one adds nothing. */
function outermost(directories: Iterable<string>): string[] {
  const all = [...new Set(directories)].toSorted()
  return all.filter((directory) => !all.some((other) => other !== directory && directory.startsWith(other)))
}

function narrow(pathnames: readonly string[]): { paths: string[]; crowdedRoot: number } {
  const inRoot = [...new Set(pathnames.filter((pathname) => directoryOf(pathname) === '/'))].toSorted()
  if (inRoot.length > MOST_EXACT_PATHS) return { paths: ['/'], crowdedRoot: inRoot.length }
  const directories = outermost(pathnames.map(directoryOf).filter((directory) => directory !== '/'))
  return { paths: [...directories, ...inRoot], crowdedRoot: 0 }
}

/**
 * From where the page's own scripts come, as directory sources (a path that ends in `/` is a prefix) and, for
 * scripts in the root, exact paths.
 *
 * The hosts match any origin. Only together with the fence, which holds every script to the page's own origin, do they
 * mean "this directory of this site"; without it, `'self'` is the narrowest that is safe.
 * @see https://www.w3.org/TR/CSP3/#match-paths
 */
export function scriptLocations(
  urls: readonly URL[],
  fenced: boolean,
  origins: readonly string[],
): ScriptLocations {
  const places = urls.map(placeOf)
  const own: Source[] = []
  const foreign: Source[] = []
  let crowdedRoot = 0
  const onOrigin = places.filter(isKind('own-origin')).map((place) => place.pathname)
  if (places.some(isKind('mount-unknown')) || (onOrigin.length > 0 && !fenced)) {
    own.push({ expression: "'self'", reason: { kind: 'directory', directory: './' } })
  }
  if (onOrigin.length > 0 && fenced) {
    const narrowed = narrow(onOrigin)
    crowdedRoot = narrowed.crowdedRoot
    for (const path of narrowed.paths) {
      for (const host of [...ANY_HOST, ...origins]) {
        own.push({ expression: `${host}${pathPart(path)}`, reason: { kind: 'directory', directory: path } })
      }
    }
  }
  const elsewhere = places.filter(isKind('foreign'))
  for (const origin of new Set(elsewhere.map((place) => place.origin))) {
    const pathnames = elsewhere.filter((place) => place.origin === origin).map((place) => place.pathname)
    for (const path of narrow(pathnames).paths) {
      foreign.push({
        expression: `${origin}${pathPart(path)}`,
        reason: { kind: 'directory', directory: `${origin}${path}` },
      })
    }
  }
  return { own: [...own, ...foreign], foreign, crowdedRoot }
}
