import { kind } from './kind.ts'
import { option } from './option.ts'

/** Findings about the policy itself, independent of the content of the pages. */
export const POLICY_FINDINGS = {
  'policy-present': kind<{ content: string }>(
    'error',
    () =>
      'The page already has a Content-Security-Policy in a meta tag; browsers enforce it beside the generated one, and what either refuses is blocked.',
    () => 'Remove the tag and give what it says to the directives option.',
  ),
  'source-weak': kind<{ directive: string; source: string; why: string }>(
    'warn',
    ({ directive, source, why }) => `${source} in ${directive} weakens the policy: ${why}.`,
    () => 'Remove it, or name exactly what you need.',
  ),
  'seal-removed': kind<{ option: string; effect: string }>(
    'warn',
    ({ option: what, effect }) => `${what} takes a part of the strict policy away: ${effect}.`,
    ({ option: what }) => `Remove ${what}, and list the origins that you need under external.`,
  ),
  'script-src-removed': kind<{ decider: string }>(
    'warn',
    ({ decider }) =>
      `Without script-src, ${decider} about scripts, inline scripts have no hashes and imports are not pinned.`,
    () => "Remove directives: { 'script-src': false }.",
  ),
  evaluator: kind<{ text: string; directive: string; source: string }>(
    'error',
    ({ text, directive, source }) =>
      `CSP Evaluator objects to ${directive}${source && ` ${source}`}: ${text}`,
    () => `Change the directives, or accept it with ${option({ findings: { evaluator: 'warn' } })}.`,
  ),
} as const
