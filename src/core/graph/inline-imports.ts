import type { SiteContext } from '../site/model.ts'
import { resolveUrl } from '../site/urls.ts'

/** Strings that may name a file of the site: `import('/assets/start.js')`. */
const URL_LITERAL = /(["'`])((?:\.{0,2}\/|https?:\/\/)[^"'`\s\\]+)\1/g

/**
 * Files that an inline script may import, or other text in quotes may tell it to. Too many do no harm, too few leave a
 * file unpinned: so every string counts that names a script of the site, whatever the code does with it.
 */
export function filesNamedIn(
  text: string,
  site: Pick<SiteContext, 'base' | 'file' | 'has' | 'urlOf' | 'fileOf' | 'dataModules'>,
  base: URL,
): string[] {
  const modules = [...(site.dataModules ?? [])].flatMap(([url, path]) => (text.includes(url) ? [path] : []))
  const files = [...text.matchAll(URL_LITERAL)].flatMap(([, , url]) => {
    const target = resolveUrl(site, url ?? '', base)
    return target.kind === 'file' ? [target.path] : []
  })
  return [...modules, ...files]
}
