import { codeFrame, positionOf } from './code-frame.ts'

/** `error` fails the build, `warn` and `info` are told in the log. */
export type Severity = 'error' | 'warn' | 'info'

/** What the user may set for a code: `off` silences it. */
export type FindingLevel = 'error' | 'warn' | 'off'

interface FindingKind<Data> {
  readonly severity: Severity
  /** What is wrong. One sentence. */
  readonly message: (data: Data) => string
  /** The way out. One sentence. */
  readonly hint: (data: Data) => string
}

const kind = <Data>(
  severity: Severity,
  message: (data: Data) => string,
  hint: (data: Data) => string,
): FindingKind<Data> => ({
  severity,
  message,
  hint,
})

/**
 * Every finding that there is: its default severity and its prose. Codes are stable, the prose is not.
 */
export const FINDINGS = {
  'file-missing': kind<{ url: string; what: string }>(
    'error',
    ({ url, what }) =>
      `No file of the site answers the ${what} ${url}, so it cannot be pinned and a browser would refuse it or load nothing.`,
    ({ url }) =>
      `Put the file into the build, correct the URL, or trust what the server sends there with external: { '${url}': true }.`,
  ),
  'url-outside': kind<{ url: string; what: string; base: string }>(
    'error',
    ({ url, what, base }) => `The ${what} ${url} points outside the site, which is served under ${base}.`,
    ({ url }) =>
      `Correct the URL or the base, or trust what the server sends there with external: { '${url}': true }.`,
  ),
  'url-invalid': kind<{ url: string; what: string }>(
    'error',
    ({ url, what }) => `The ${what} ${JSON.stringify(url)} is not a URL that a browser can load.`,
    () => 'Correct the URL, or remove the tag.',
  ),
  'external-unlisted': kind<{ url: string; origin: string }>(
    'error',
    ({ url }) =>
      `The script ${url} comes from another origin and is neither pinned nor trusted, so the policy would block it.`,
    ({ url, origin }) =>
      `Give its tag integrity and crossorigin attributes, or list it: external: { '${url}': 'sha384-…' } pins it, external: { '${origin}': true } trusts the origin.`,
  ),
  'external-unpinned': kind<{ url: string }>(
    'warn',
    ({ url }) =>
      `The script ${url} is loaded on trust, without integrity: whoever controls its origin controls the page.`,
    ({ url }) => `Pin it with external: { '${url}': 'sha384-…' }, or serve a copy from your own site.`,
  ),
  'trust-needs-strict': kind<{ url: string }>(
    'error',
    ({ url }) =>
      `The script ${url} is loaded on trust by a tag, which 'strict-dynamic' refuses without a hash.`,
    ({ url }) => `Pin it with external: { '${url}': 'sha384-…' }, or use scripts: 'strict'.`,
  ),
  'integrity-mismatch': kind<{ url: string; integrity: string }>(
    'error',
    ({ url, integrity }) =>
      `The integrity attribute ${integrity} does not match the bytes of ${url}, so every browser refuses the file.`,
    () => 'Remove the attribute (it will be written anew), or restore the file that it was made for.',
  ),
  'integrity-without-cors': kind<{ url: string; what: string }>(
    'error',
    ({ url, what }) =>
      `The ${what} ${url} from another origin has integrity but no crossorigin attribute, so every browser refuses it.`,
    () => 'Add crossorigin to the tag, and let the other origin send Access-Control-Allow-Origin.',
  ),
  'cross-origin-unpinned': kind<{ url: string; what: string }>(
    'error',
    ({ url, what }) =>
      `The ${what} ${url} is served from another origin without a crossorigin attribute, so it cannot be pinned.`,
    () => 'Add crossorigin to the tag, and let the other origin send Access-Control-Allow-Origin.',
  ),
  'policy-present': kind<{ content: string }>(
    'error',
    () =>
      'The page already has a Content-Security-Policy in a meta tag; browsers enforce it beside the generated one, and what either refuses is blocked.',
    () => 'Remove the tag and give what it says to the directives option.',
  ),
  'import-map-invalid': kind<{ reason: string }>(
    'error',
    ({ reason }) =>
      `The import map cannot be read (${reason}), so integrity cannot be merged into it and browsers ignore it.`,
    () => 'Correct the JSON of the import map.',
  ),
  'import-map-duplicate': kind<object>(
    'error',
    () =>
      'The page has more than one import map; Firefox takes only the first, so what the second one says is lost there.',
    () => 'Merge the import maps into one.',
  ),
  'import-map-runtime': kind<{ file: string }>(
    'warn',
    ({ file }) => `The URL of ${file} is known only in the browser, so the import map cannot pin it.`,
    () => 'Return a string from experimental.renderBuiltUrl for scripts, not a runtime expression.',
  ),
  'meta-directive-ignored': kind<{ directive: string }>(
    'warn',
    ({ directive }) =>
      `Browsers ignore ${directive} in a meta tag, so it has no effect with the meta output.`,
    () => "Deliver the policy in a header: choose an output such as 'netlify' or 'cloudflare'.",
  ),
  'page-changed': kind<{ file: string }>(
    'error',
    ({ file }) => `${file} was changed after it was hashed, so its policy may no longer fit it.`,
    () =>
      'Move the plugin that changes the page before cspHashes(), or run csp-hashes over the finished directory instead.',
  ),
  'file-changed': kind<{ file: string }>(
    'error',
    ({ file }) => `${file} was changed after it was hashed, so every browser would refuse it.`,
    () =>
      'Move the plugin that changes the file before cspHashes(), or run csp-hashes over the finished directory instead.',
  ),
  'page-encoding': kind<object>(
    'error',
    () => 'The page is not valid UTF-8, so it can neither be hashed nor edited safely. It was left as it is.',
    () => 'Save the page as UTF-8.',
  ),
  'preload-helper-unknown': kind<object>(
    'warn',
    () =>
      "Vite's preload helper does not look as expected, so stylesheets that are loaded lazily are not pinned.",
    () => 'Update vite-plugin-csp-hashes, or report the version of Vite that you use.',
  ),
  'srcdoc-unpinned': kind<{ url: string }>(
    'error',
    ({ url }) => `The script ${url} stands inside the srcdoc of a frame, where it cannot be given integrity.`,
    () => 'Load the frame from a page of its own.',
  ),
  'scripts-at-root': kind<{ count: number }>(
    'warn',
    ({ count }) =>
      `${count} scripts lie in the root of the site, so the policy must allow scripts from every path of its origin.`,
    () => 'Let build.assetsDir (and chunkFileNames) name a directory that holds scripts alone.',
  ),
  'header-line-too-long': kind<{
    host: string
    length: number
    limit: number
    sources: number
    effect: string
    way: string
  }>(
    'error',
    ({ host, length, limit, sources, effect }) =>
      `The policy takes ${length} characters (${sources} sources) in one header, and ${host} ${effect} over ${limit}.`,
    ({ way }) => way,
  ),
  'header-rules-too-many': kind<{ host: string; count: number; limit: number; way: string }>(
    'error',
    ({ host, count, limit }) => `The header file has ${count} rules, and ${host} reads no more than ${limit}.`,
    ({ way }) => way,
  ),
  'header-conflict': kind<{ header: string; path: string }>(
    'error',
    ({ header, path }) =>
      `The rule ${path} already sets ${header}; which of the two a page gets, or both, depends on the host.`,
    () => 'Remove your own header and give what it says to the directives option.',
  ),
  'header-order': kind<{ path: string }>(
    'error',
    ({ path }) => `The rule ${path} stands before the rule /*, which then decides about the policy of ${path}.`,
    ({ path }) => `Move the rule ${path} below the rule /*.`,
  ),
  'header-without-path': kind<{ line: string }>(
    'warn',
    ({ line }) => `The line ${JSON.stringify(line)} stands before any path, so no host sends this header.`,
    () => 'Write the path that it is for, such as /*, on a line above it.',
  ),
  'marker-unbalanced': kind<{ marker: string }>(
    'error',
    ({ marker }) => `The comment ${marker} has no counterpart, so it is unclear which lines were generated.`,
    () => 'Remove the comment together with the generated lines; they will be written anew.',
  ),
  'report-only-in-meta': kind<object>(
    'error',
    () => 'Browsers ignore a report-only policy in a meta tag, so this one would report nothing.',
    () => "Deliver the policy in a header: choose an output such as 'netlify' or 'cloudflare'.",
  ),
} as const

export type FindingCode = keyof typeof FINDINGS
type DataOf<Code extends FindingCode> = Parameters<(typeof FINDINGS)[Code]['message']>[0]

export interface FindingLocation {
  /** Path of the file, relative to the site or to the project. */
  readonly file: string
  readonly line: number
  readonly column: number
  readonly frame: string
}

/** Something to tell the user. */
export interface Finding {
  readonly code: FindingCode
  readonly severity: Severity
  readonly message: string
  readonly hint: string
  readonly location: FindingLocation | undefined
}

export interface FindingPlace {
  readonly file: string
  readonly source: string
  readonly offset: number
}

export function finding<Code extends FindingCode>(
  code: Code,
  data: DataOf<Code>,
  place?: FindingPlace,
): Finding {
  // The table pairs each code with its data; indexing it by a type parameter loses that pairing.
  const { severity, message, hint } = FINDINGS[code] as unknown as FindingKind<DataOf<Code>>
  const found = { code, severity, message: message(data), hint: hint(data) }
  if (!place) return { ...found, location: undefined }
  const position = positionOf(place.source, place.offset)
  return { ...found, location: { file: place.file, ...position, frame: codeFrame(place.source, position) } }
}

/** Applies the user's levels: a code set to `off` is dropped, `error` and `warn` replace the default. */
export function applyLevels(
  findings: readonly Finding[],
  levels: ReadonlyMap<FindingCode, FindingLevel>,
): Finding[] {
  return findings.flatMap((found) => {
    const level = levels.get(found.code)
    if (level === 'off') return []
    return level ? [{ ...found, severity: level }] : [found]
  })
}

/** One finding as text: where, what, the code frame, the way out. */
export function formatFinding({ code, message, hint, location }: Finding): string {
  const where = location ? `${location.file}:${location.line}:${location.column} ` : ''
  const frame = location ? `\n${location.frame}` : ''
  return `${where}${message} [${code}]${frame}\n  ${hint}`
}
