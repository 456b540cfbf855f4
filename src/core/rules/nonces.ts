import { finding } from '../findings/index.ts'
import type { Rule } from './rule.ts'

/**
 * `<script nonce="abc123">` in a file that is served unchanged: every visitor gets the same nonce every time.
 * @see https://www.w3.org/TR/CSP3/#security-nonces
 */
export const nonceStatic: Rule = ({ page, settings, place }) => {
  const [first] = page.nonces
  return first === undefined || settings.nonce !== undefined
    ? []
    : [finding('nonce-static', {}, place(first))]
}

/** `nonce: '{{nonce}}'`: works only if a server replaces it by a fresh nonce. */
export const noncePlaceholder: Rule = ({ settings: { nonce } }) =>
  nonce === undefined ? [] : [finding('nonce-placeholder', { nonce })]
