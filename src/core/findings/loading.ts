import { kind } from './kind.ts'
import { option } from './option.ts'

/** Findings about the files that pages load, and whether those files can be pinned. */
export const LOADING_FINDINGS = {
  'file-missing': kind<{ url: string }>(
    'error',
    ({ url }) => `There is no file ${url} in the site, so browsers cannot load it.`,
    ({ url }) =>
      `Put the file into the build, correct the URL, or trust what the server sends there with ${option({ external: { [url]: true } })}.`,
  ),
  'url-outside': kind<{ url: string; what: string; base: string }>(
    'error',
    ({ url, what, base }) => `The ${what} ${url} points outside the site, which is served under ${base}.`,
    ({ url }) =>
      `Correct the URL or the base, or trust what the server sends there with ${option({ external: { [url]: true } })}.`,
  ),
  'url-invalid': kind<{ url: string; what: string }>(
    'error',
    ({ url, what }) => `The ${what} ${JSON.stringify(url)} is not a URL that a browser can load.`,
    () => 'Correct the URL, or remove the tag.',
  ),
  'external-unlisted': kind<{ url: string; key: string; own?: string | undefined }>(
    'error',
    ({ url }) =>
      `The script ${url} comes from another origin and is neither pinned nor trusted, so the policy would block it.`,
    ({ url, key, own }) =>
      `${own === undefined ? 'Give' : `If that is the address of this very site, write ${own}. Otherwise give`} its tag integrity and crossorigin attributes, pin it with ${option({ external: { [url]: 'sha384-…' } })}, or load it on trust: ${option({ external: { [key]: true } })}.`,
  ),
  'trust-needs-strict': kind<{ url: string }>(
    'error',
    ({ url }) =>
      `The script ${url} is loaded on trust by a tag, which 'strict-dynamic' refuses without a hash.`,
    ({ url }) =>
      `Pin it with ${option({ external: { [url]: 'sha384-…' } })}, or use ${option({ scripts: 'strict' })}.`,
  ),
  'integrity-mismatch': kind<{ url: string }>(
    'error',
    ({ url }) => `The bytes of ${url} do not match its integrity, so browsers refuse the file.`,
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
  'import-map-invalid': kind<{ reason: string }>(
    'error',
    ({ reason }) => `The import map cannot be read (${reason}), so browsers ignore it.`,
    () => 'Correct the JSON of the import map.',
  ),
  'import-map-duplicate': kind<object>(
    'info',
    () =>
      'The page has more than one import map, of which Firefox takes only the first, so they were merged into it.',
    () => 'Merge them into one yourself to see what the result says.',
  ),
  'extension-page': kind<{ policy: string }>(
    'info',
    ({ policy }) =>
      `This is a browser extension: manifest.json has a manifest_version. Its own policy (${policy}) holds beside that of each page, and admits no inline script. So no import map is written, and files that are loaded lazily are not pinned; tags are.`,
    () => 'Nothing has to be done: browsers load an extension whole, from one signed package.',
  ),
  'extension-policy': kind<{ policy: string; problem: string }>(
    'warn',
    ({ policy, problem }) => `The policy of the extension is ${policy}: ${problem}.`,
    () =>
      "Move inline scripts into files, and let content_security_policy in manifest.json have script-src 'self'.",
  ),
  'import-map-runtime': kind<{ file: string }>(
    'warn',
    ({ file }) => `The URL of ${file} is known only in the browser, so the import map cannot pin it.`,
    () => 'Return a string from experimental.renderBuiltUrl for scripts, not a runtime expression.',
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
  'pin-unused': kind<{ url: string; where: string }>(
    'error',
    ({ url, where }) =>
      `external pins ${url}, but ${where} seems to make a script element for it, which no pin reaches: it runs whatever its bytes are.`,
    ({ url }) =>
      `Set integrity and crossOrigin on the element in that script, or trust what the server sends: external: { '${url}': true }.`,
  ),
  'scripts-at-root': kind<{ count: number }>(
    'warn',
    ({ count }) =>
      `${count} scripts lie in the root of the site, so the policy must allow scripts from every path of its origin.`,
    () => 'Let build.assetsDir (and chunkFileNames) name a directory that holds scripts alone.',
  ),
  'script-unparsable': kind<{ reason: string }>(
    'warn',
    ({ reason }) =>
      `The script cannot be read (${reason}), so what it imports is unknown: every script of its directory is pinned for it.`,
    () => 'Correct the script, or remove it if no page needs it.',
  ),
  'import-unpinned': kind<{ file: string; count: number; limit: number }>(
    'warn',
    ({ file, count, limit }) =>
      `${file} imports files whose names are made in the browser; ${count} scripts come into question, more than the ${limit} that are pinned for it, so what it imports that way is not pinned.`,
    () => 'Import those files by plain text, or accept that their directory is trusted as a whole.',
  ),
  'import-missing': kind<{ where: string; specifier: string; url: string }>(
    'warn',
    ({ where, specifier, url }) =>
      `${where} imports ${specifier}${specifier === url ? '' : ` (${url})`}, and the site has no such file: the import fails, and without it a static import stops the whole script.`,
    ({ url }) =>
      `Add the file to the site. If your server answers the URL itself, allow it: ${option({ external: { [url]: true } })}.`,
  ),
  'import-unlisted': kind<{ where: string; specifier: string; url: string; key: string }>(
    'error',
    ({ where, specifier, url }) =>
      `${where} imports ${specifier === url ? url : `${specifier}, which is ${url}`}, from another origin. The policy does not allow it, so browsers refuse the import; if it is static, nothing of the script runs.`,
    ({ url, key }) =>
      `Allow it with ${option({ external: { [key]: true } })}, or pin a module that imports nothing else: ${option({ external: { [url]: 'sha384-…' } })}.`,
  ),
  'import-elsewhere': kind<{ where: string; directories: string; key: string }>(
    'info',
    ({ where, directories }) =>
      `${where} imports modules by names that it makes in the browser. If one of them lies in ${directories}, browsers refuse it: the policy allows the directories of the build alone.`,
    ({ key }) =>
      `If it does, allow that directory: ${option({ external: { [key]: true } })}. Otherwise there is nothing to do.`,
  ),
} as const
