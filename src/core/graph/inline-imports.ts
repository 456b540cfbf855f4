import type { SiteContext } from '../site/model.ts'
import { resolveUrl } from '../site/urls.ts'
import { findWorkerCalls } from './worker-calls.ts'

/** Matches strings that may name a file of the site: `import('/assets/start.js')`. */
const URL_LITERAL = /(["'`])((?:\.{0,2}\/|https?:\/\/)[^"'`\s\\]+)\1/g

/**
 * Files that an inline script may import, or that quoted text elsewhere may make a script import. A missed file
 * would stay unpinned, so every string that names a script of the site counts. URLs of workers are an exception: a
 * page that only starts a worker loads no script from that directory, and allowing the directory would open it to
 * injected scripts.
 */
export function filesNamedIn(
  text: string,
  site: Pick<SiteContext, 'base' | 'file' | 'has' | 'urlOf' | 'fileOf' | 'dataModules'>,
  base: URL,
): string[] {
  const modules = [...(site.dataModules ?? [])].flatMap(([url, path]) => (text.includes(url) ? [path] : []))
  const workers = new Set(findWorkerCalls(text).map(({ at }) => at))
  const files = [...text.matchAll(URL_LITERAL)].flatMap(({ 2: url, index }) => {
    if (workers.has(index)) return []
    const target = resolveUrl(site, url ?? '', base)
    return target.kind === 'file' ? [target.path] : []
  })
  return [...modules, ...files]
}
