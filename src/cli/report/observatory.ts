/** The verdict of Mozilla's HTTP Observatory on a policy, and the points that it adds or subtracts. */
export interface ObservatoryVerdict {
  readonly result: string
  readonly points: number
}

type Sources = readonly string[]

const BROAD = ['ftp:', 'http:', 'https:', '*', 'http://*', 'http://*.*', 'https://*', 'https://*.*']
const BROAD_OR_INLINE = [...BROAD, "'unsafe-inline'", 'data:']
const PASSIVE = ['img-src', 'media-src']

const verdict = (result: string, points: number): ObservatoryVerdict => ({ result: `csp-${result}`, points })
const isHash = (source: string): boolean => /^'(?:sha(?:256|384|512)|nonce)-/.test(source)
const isInsecure = (source: string): boolean => /^(?:http|ftp):/.test(source)

/** Parses directives like the Observatory, which treats several policies in one header as one. */
function parse(text: string): ReadonlyMap<string, Sources> {
  const entries = text.split(';').map((entry) => entry.trim().toLowerCase().split(/\s+/))
  return new Map(
    entries.flatMap(([name = '', ...sources]) => (name === '' ? [] : [[name, sources] as const])),
  )
}

/** A source counts only if all policies that contain the directive also contain the source. */
function combined(policies: readonly string[]): ReadonlyMap<string, Sources> {
  const [first = new Map<string, Sources>(), ...rest] = policies.map(parse)
  return new Map(
    [...first].map(([name, sources]) => [
      name,
      sources.filter((one) => rest.every((other) => other.get(name)?.includes(one) ?? true)),
    ]),
  )
}

/**
 * The script sources that the Observatory counts: without those that browsers ignore because of a hash or
 * `'strict-dynamic'`.
 */
function effective(sources: Sources): Sources {
  if (!sources.some(isHash)) return sources
  const isDynamic = sources.includes("'strict-dynamic'")
  return sources.filter(
    (one) =>
      one !== "'unsafe-inline'" &&
      !(isDynamic && (one === "'self'" || BROAD.some((broad) => one.startsWith(broad)))),
  )
}

/**
 * Implements the Observatory's rules for one page of an https site. A test compares the results with those of
 * `@mdn/mdn-http-observatory`, which is too large for a dependency.
 */
export function observatoryVerdict(
  /** The value of each header, followed by the content of each meta tag. */
  policies: readonly string[],
): ObservatoryVerdict {
  const directives = combined(policies)
  if (directives.size === 0) return verdict('not-implemented', -25)
  const all = directives.get('default-src') ?? ['*']
  const scripts = directives.get('script-src') ?? all
  const counted = effective(scripts)
  const objects = directives.get('object-src') ?? all
  const styles = directives.get('style-src') ?? all
  const countedStyles = styles.some(isHash) ? styles.filter((one) => one !== "'unsafe-inline'") : styles
  const active = [...directives].flatMap(([name, sources]) =>
    PASSIVE.includes(name) || name === 'script-src' ? [] : sources,
  )
  const passive = PASSIVE.flatMap((name) => directives.get(name) ?? directives.get('default-src') ?? [])

  if (scripts.includes("'strict-dynamic'") && !scripts.some(isHash)) return verdict('header-invalid', -25)
  if (counted.some((one) => BROAD_OR_INLINE.includes(one)) || objects.some((one) => BROAD.includes(one)))
    return verdict('implemented-with-unsafe-inline', -20)
  if ([...active, ...counted].some(isInsecure)) return verdict('implemented-with-insecure-scheme', -20)
  if ([...counted, ...countedStyles].includes("'unsafe-eval'"))
    return verdict('implemented-with-unsafe-eval', -10)
  if (passive.some(isInsecure))
    return verdict('implemented-with-insecure-scheme-in-passive-content-only', -10)
  if (countedStyles.some((one) => BROAD_OR_INLINE.includes(one)))
    return verdict('implemented-with-unsafe-inline-in-style-src-only', 0)
  return all.length === 1 && all[0] === "'none'"
    ? verdict('implemented-with-no-unsafe-default-src-none', 10)
    : verdict('implemented-with-no-unsafe', 5)
}
