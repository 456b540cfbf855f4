import { type Finding, finding } from '../findings/index.ts'
import { isHashOrNonce } from '../csp/source-expression.ts'
import { sourceOfUrl } from '../csp/need.ts'
import { styleMaker } from '../needs/script-makers.ts'
import type { ModuleSource } from '../site/model.ts'
import { ON_REQUEST, packageOf } from './packages.ts'
import { deciding, type Rule, type RuleScript } from './rule.ts'

const makesStyles = (code: string): boolean => styleMaker(code) !== undefined
const isAny = (): boolean => true
const placeOfMaker = (text: string): number => styleMaker(text) ?? -1

/** One finding for each package, and for each of the user's modules, that creates `<style>` elements. */
function styleMakers(script: RuleScript): Finding[] {
  if (!script.traits.features.has('style-element')) return []
  if (script.modulesWith(isAny).length === 0) {
    // If modules are unknown, the code may belong to a framework, so this is only an `info`.
    const where = script.inline ? 'The <script>' : script.file
    const place = script.inline
      ? script.find(/style/i)
      : { file: script.file, source: script.text(), offset: Math.max(0, placeOfMaker(script.text())) }
    return [{ ...finding('css-in-js', { where }, place), severity: 'info' }]
  }
  const makers = new Map<string, ModuleSource>()
  for (const one of script.modulesWith(makesStyles))
    if (!ON_REQUEST.test(one.id) && !makers.has(packageOf(one))) makers.set(packageOf(one), one)
  // The name omits the chunk, so that a library in several chunks is reported once.
  return [...makers.values()].map((module) =>
    finding('css-in-js', { where: script.nameOf(module) }, script.placeIn(module, placeOfMaker)),
  )
}

/**
 * `document.createElement('style')` in a chunk, under a `style-src` without `'unsafe-inline'`: CSS-in-JS.
 * Frameworks that contain such code whether or not it is used are ignored if modules are known.
 * @see https://www.w3.org/TR/CSP3/#directive-style-src
 */
export const cssInJs: Rule = (page) => {
  const list = deciding(page, 'style-src-elem')?.list
  if (!list || (list.includes("'unsafe-inline'") && !list.some((source) => isHashOrNonce(source)))) return []
  return page.scripts.flatMap(styleMakers)
}

/**
 * `directives: { 'style-src': ["'unsafe-inline'"] }` and a `<style>` in the page: its hash would switch off the
 * keyword.
 * @see https://www.w3.org/TR/CSP3/#allow-all-inline
 */
export const styleUnsafeInline: Rule = (page) => {
  const decider = deciding(page, 'style-src')
  if (!decider?.list.includes("'unsafe-inline'")) return []
  const count = page.page.resources.filter(({ kind }) => kind === 'inline-style').length
  return count > 0 ? [finding('style-unsafe-inline', { directive: decider.directive, count })] : []
}

/**
 * `<link rel=stylesheet href=https://fonts.example/a.css>`: the files that it loads cannot be determined at build
 * time.
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
