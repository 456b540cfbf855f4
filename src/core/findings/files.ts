import { kind } from './kind.ts'
import { option } from './option.ts'

/** Findings about the files of a site and how they are processed. */
export const FILE_FINDINGS = {
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
    () => 'The page is not valid UTF-8, so its hashes would be uncertain.',
    () => 'Save the page as UTF-8; it was left as it is.',
  ),
  'result-refused': kind<{ reason: string }>(
    'error',
    ({ reason }) => `The finished page was checked before it was written, and failed: ${reason}`,
    () =>
      "Send the policy in a header instead, such as with output: 'netlify', and report the page: this is a fault of vite-plugin-csp-hashes.",
  ),
  'link-broken': kind<{ path: string }>(
    'warn',
    ({ path }) => `The symbolic link ${path} leads nowhere.`,
    () => 'Restore its target, or remove the link.',
  ),
  'link-loop': kind<{ path: string }>(
    'warn',
    ({ path }) => `The symbolic link ${path} leads back to a directory that holds it.`,
    () => 'Remove the link.',
  ),
  'link-outside': kind<{ path: string }>(
    'error',
    ({ path }) =>
      `The symbolic link ${path} leads out of the site; what lies outside is neither read nor written, so it would be served unprotected.`,
    () =>
      `Copy its target into the site, or accept it with ${option({ findings: { 'link-outside': 'warn' } })}.`,
  ),
  'compressed-stale': kind<{ path: string; page: string }>(
    'error',
    ({ path, page }) =>
      `${path} does not hold what ${page} held before, so it cannot be renewed and hosts would go on serving it in place of the protected page.`,
    () => 'Remove the compressed copy, or compress the site after its pages are protected.',
  ),
} as const
