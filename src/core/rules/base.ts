import { finding } from '../findings/index.ts'
import type { Rule } from './rule.ts'

/**
 * `<base href="/app/">` under `base-uri 'none'`: ignored, so every relative URL resolves to another place.
 * @see https://www.w3.org/TR/CSP3/#directive-base-uri
 */
export const baseBlocked: Rule = ({ page, unmet, place }) => {
  const { base } = page
  const blocked = unmet.find(({ directive }) => directive === 'base-uri')
  if (!base || !blocked) return []
  const { expression } = blocked.source
  return [finding('base-blocked', { href: base.href, source: expression }, place(base.span.start))]
}
