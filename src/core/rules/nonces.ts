import { finding } from '../findings/index.ts'
import type { Rule } from './rule.ts'

/**
 * `<script nonce="abc123">` in a file that is served as it is: the nonce is the same for everyone, always.
 * @see https://www.w3.org/TR/CSP3/#security-nonces
 */
export const nonceStatic: Rule = ({ page, settings, place }) => {
  const [first] = page.nonces
  return first === undefined || settings.nonce !== undefined
    ? []
    : [finding('nonce-static', {}, place(first))]
}

/** `nonce: '{{nonce}}'`: works only where a server puts a fresh one in its place. */
export const noncePlaceholder: Rule = ({ settings: { nonce } }) =>
  nonce === undefined ? [] : [finding('nonce-placeholder', { nonce })]
