import { finding } from '../findings/index.ts'
import type { CodeFeature } from '../needs/search-code.ts'
import { deciding, type Rule, type RulePage } from './rule.ts'

interface Router {
  readonly name: string
  readonly feature: CodeFeature
  /** Matches pages that use the library, if the library alone has no effect. */
  readonly inPage?: RegExp
}

const ROUTERS: readonly Router[] = [
  { name: 'Turbo', feature: 'turbo' },
  { name: 'swup', feature: 'swup' },
  { name: 'htmx', feature: 'htmx', inPage: /\shx-boost\s*=\s*["']?true/i },
  { name: 'barba', feature: 'barba', inPage: /\sdata-barba\b/i },
  { name: 'pjax', feature: 'pjax' },
  { name: 'Unpoly', feature: 'unpoly', inPage: /\sup-(?:follow|target|layer|instant)\b/i },
  { name: "Astro's ClientRouter", feature: 'astro-router' },
]
const INSTANT = '"navigation.instant"'

function routerOf({ page, scripts }: RulePage): string | undefined {
  if (page.source.includes(INSTANT)) return "MkDocs' instant navigation"
  return ROUTERS.find(
    ({ feature, inPage }) =>
      scripts.some(({ traits }) => traits.features.has(feature)) && (!inPage || inPage.test(page.source)),
  )?.name
}

/**
 * Turbo puts the body of the next page into this document, whose policy contains only the hashes of this page's
 * inline scripts.
 * @see https://html.spec.whatwg.org/multipage/dom.html#the-document-object
 */
export const documentRouter: Rule = (page) => {
  const hasInline = page.page.resources.some(
    (one) => one.kind === 'inline-script' && /^(?:classic|module)$/.test(one.type) && one.text !== '',
  )
  if (!page.inMeta || page.settings.layout === 'union' || !hasInline) return []
  const router = routerOf(page)
  return router === undefined ? [] : [finding('document-router', { router })]
}

/**
 * `self.webpackChunkapp`: chunks that webpack's runtime loads through script elements without integrity.
 * @see https://webpack.js.org/concepts/manifest/
 */
export const chunksUnpinned: Rule = (page) => {
  const files = page.scripts
    .filter(({ traits }) => traits.features.has('script-chunks'))
    .map(({ file }) => file)
  const [file] = files
  return file === undefined ? [] : [finding('chunks-unpinned', { file })]
}

/**
 * `import(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })))`: a script from a blob.
 * 'strict-dynamic' allows such a script if an element loads it, but not if a script of the page imports it.
 * @see https://www.w3.org/TR/CSP3/#match-url-to-source-expression
 */
export const scriptBlob: Rule = (page) => {
  const list = deciding(page, 'script-src-elem')?.list
  if (!list) return []
  const passesOn = list.includes("'strict-dynamic'")
  if (!passesOn && list.includes('blob:')) return []
  return page.scripts.flatMap((script) => {
    const offset = script.traits.features.get('module-blob') ?? script.traits.features.get('script-blob')
    if (offset === undefined || (passesOn && !script.traits.features.has('module-blob'))) return []
    const where = script.where(offset, /createObjectURL/)
    return [finding('script-blob', { where, dynamic: passesOn })]
  })
}
