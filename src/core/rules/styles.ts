import { finding } from '../findings/index.ts'
import { isHashOrNonce } from '../csp/source-expression.ts'
import { sourceOfUrl } from '../csp/need.ts'
import { deciding, type Rule } from './rule.ts'

const MAKES_STYLE = /[(]["'`]style["'`]/
/** Frameworks that can make a `<style>` but do so only when they are asked to. */
const FRAMEWORKS =
  /[\\/]node_modules[\\/](?:react-dom|@vue[\\/]runtime-dom|preact|svelte|solid-js|lit-html|@lit)[\\/]|[\\/]vite[\\/]|^\0/

/**
 * `document.createElement('style')` in a chunk, under a `style-src` without `'unsafe-inline'`: CSS-in-JS. The frameworks
 * that bring such code whether or not it is used are left out, where modules are known.
 * @see https://www.w3.org/TR/CSP3/#directive-style-src
 */
export const cssInJs: Rule = (page) => {
  const list = deciding(page, 'style-src-elem')?.list
  if (!list || (list.includes("'unsafe-inline'") && !list.some((source) => isHashOrNonce(source)))) return []
  return page.scripts.flatMap((script) => {
    const offset = script.traits.features.get('style-element')
    if (offset === undefined) return []
    const modules = script.modulesWith(MAKES_STYLE)
    if (modules.length > 0 && modules.every(({ id }) => FRAMEWORKS.test(id))) return []
    const found = finding(
      'css-in-js',
      { where: script.where(offset, MAKES_STYLE) },
      script.place(offset, MAKES_STYLE),
    )
    // Without modules it may well be a framework: worth a word, no more.
    return [modules.length > 0 ? found : { ...found, severity: 'info' as const }]
  })
}

/**
 * `directives: { 'style-src': ["'unsafe-inline'"] }` and a `<style>` in the page: its hash would switch the keyword off.
 * @see https://www.w3.org/TR/CSP3/#allow-all-inline
 */
export const styleUnsafeInline: Rule = (page) => {
  const decider = deciding(page, 'style-src')
  if (!decider?.list.includes("'unsafe-inline'")) return []
  const count = page.page.resources.filter(({ kind }) => kind === 'inline-style').length
  return count > 0 ? [finding('style-unsafe-inline', { directive: decider.directive, count })] : []
}

/**
 * `<link rel=stylesheet href=https://fonts.example/a.css>`: what it loads in turn cannot be read at build time.
 * @see https://www.w3.org/TR/CSP3/#directive-font-src
 */
export const remoteStyle: Rule = (page) => {
  if (!deciding(page, 'font-src')) return []
  return page.page.resources.flatMap((resource) => {
    if (resource.kind !== 'stylesheet' || typeof sourceOfUrl(resource.url) !== 'string') return []
    if (/^(?:https?:)?\/\/fonts\.googleapis\.com\/|^data:/i.test(resource.url)) return []
    return [finding('remote-style', { url: resource.url }, page.place(resource.span.start))]
  })
}
