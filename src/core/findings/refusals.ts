import { kind } from './kind.ts'
import { option } from './option.ts'

/** Findings about requests and code that a browser blocked while a page ran. The build cannot detect these. */
export const REFUSAL_FINDINGS = {
  'inline-unlisted': kind<{ what: string }>(
    'error',
    ({ what }) =>
      `The policy that came with the page does not list the hash of ${what}, so browsers refuse it: it was added or changed after the policy was made.`,
    () =>
      'Find what changes the page after the build (the host, a CDN, a later plugin) and switch it off, or run csp-hashes after it.',
  ),
  'inline-made': kind<{ where: string; what: string; allow: string }>(
    'warn',
    ({ where, what }) => `${where} makes ${what} at run time, which browsers refuse without its hash.`,
    ({ allow }) => `Put the code into a module and use addEventListener, ${allow}.`,
  ),
  'own-script-blocked': kind<{ where: string; url: string; key: string }>(
    'warn',
    ({ where, url }) =>
      `${where} loads the script ${url}, which is in none of the directories that the policy allows, so browsers refuse it.`,
    ({ key }) => `Allow it with ${option({ external: { [key]: true } })}.`,
  ),
} as const
