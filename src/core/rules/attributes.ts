import { finding } from '../findings/index.ts'
import type { FlaggedAttribute } from '../site/model.ts'
import { headAnchor } from '../page/rewrite.ts'
import { isHashOrNonce } from '../csp/source-expression.ts'
import { deciding, type Rule, type RulePage } from './rule.ts'

function refused(page: RulePage, name: 'script-src-attr' | 'script-src-elem' | 'style-src-attr'): boolean {
  const list = deciding(page, name)?.list
  if (!list || list.includes("'unsafe-hashes'")) return false
  return !list.includes("'unsafe-inline'") || list.some((source) => isHashOrNonce(source))
}

const ofKind = (page: RulePage, kind: FlaggedAttribute['kind']): readonly FlaggedAttribute[] =>
  page.page.attributes.filter((attribute) => attribute.kind === kind)

const ROOTS: ReadonlySet<string> = new Set(['html', 'head'])

/** Whether the attribute belongs to `<html>` or `<head>` and so precedes the meta that contains the policy. */
function isBeforePolicy({ page, inMeta }: RulePage, { element, offset }: FlaggedAttribute): boolean {
  return inMeta && ROOTS.has(element) && offset < headAnchor(page)
}

/**
 * `<button onclick="save()">`: blocked without `'unsafe-hashes'`.
 * @see https://www.w3.org/TR/CSP3/#directive-script-src-attr
 */
export const inlineHandler: Rule = (page) => {
  if (!refused(page, 'script-src-attr')) return []
  return ofKind(page, 'handler')
    .filter((attribute) => !isBeforePolicy(page, attribute))
    .map(({ element, name, offset }) =>
      finding('inline-handler', { element, name }, page.place(offset, name)),
    )
}

/**
 * `<html onclick="track()">`: precedes the meta, so the policy does not apply to it.
 * @see https://html.spec.whatwg.org/multipage/semantics.html#attr-meta-http-equiv-content-security-policy
 */
export const handlerBeforePolicy: Rule = (page) =>
  ofKind(page, 'handler')
    .filter((attribute) => isBeforePolicy(page, attribute))
    .map(({ element, name, offset }) =>
      finding('handler-before-policy', { element, name }, page.place(offset, name)),
    )

/**
 * `<a href="javascript:print()">`: blocked without `'unsafe-hashes'`.
 * @see https://www.w3.org/TR/CSP3/#script-pre-navigation-check
 */
export const javascriptUrl: Rule = (page) => {
  if (!refused(page, 'script-src-elem')) return []
  return ofKind(page, 'javascript-url').map(({ element, name, offset }) =>
    finding('javascript-url', { element, name }, page.place(offset, name)),
  )
}

/**
 * `<p style="color: red">` under `style-src 'self'`: not applied.
 * @see https://www.w3.org/TR/CSP3/#directive-style-src-attr
 */
export const styleAttribute: Rule = (page) => {
  if (!refused(page, 'style-src-attr')) return []
  return ofKind(page, 'style').map(({ element, offset }) =>
    finding('style-attribute', { element }, page.place(offset, 'style')),
  )
}
