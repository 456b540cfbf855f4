import { finding } from '../findings/index.ts'
import { isHashOrNonce } from '../csp/source-expression.ts'
import { deciding, type Rule } from './rule.ts'

/** Directives with rules of their own, whose messages are more specific. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'base-uri',
  'trusted-types',
  'script-src',
  'script-src-attr',
  'script-src-elem',
  'style-src-attr',
])

/**
 * `<object data="map.pdf">` under `object-src 'none'`, or an image under the user's own `img-src 'none'`: things
 * that the build is seen to use and that the policy blocks.
 * @see https://www.w3.org/TR/CSP3/#directives-fetch
 */
export const needBlocked: Rule = (page) =>
  page.unmet
    .filter(({ directive, optional }) => !optional && !ELSEWHERE.has(directive))
    .map(({ directive, source, offset }) => {
      const why = source.reason.kind === 'need' ? source.reason.need : ''
      const data = {
        directive: deciding(page, directive)?.directive ?? directive,
        expression: isHashOrNonce(source.expression) ? 'the hash of an inline style' : source.expression,
        why,
      }
      return finding('need-blocked', data, offset === undefined ? undefined : page.place(offset))
    })
