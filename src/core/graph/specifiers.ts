import type { SiteContext, UnansweredImport } from '../site/model.ts'
import { resolveUrl, type Target, writtenUrl } from '../site/urls.ts'
import type { ComputedText } from '../text/fold-constants.ts'
import { type ImportMap, resolveSpecifier } from './import-map-resolve.ts'

type UrlSite = Pick<SiteContext, 'base' | 'file' | 'has' | 'urlOf' | 'fileOf' | 'dataModules'>

/** Whether nothing at all is known about a specifier. */
export const isAnything = ({ head, tail }: ComputedText): boolean => head === '' && fileName(tail) === ''

/** The file name at the end of a specifier, `''` if it is too short to identify a file. */
function fileName(tail: string): string {
  const name = tail.slice(tail.lastIndexOf('/') + 1)
  return /^[\w-][\w.-]{2,}\.m?js$/.test(name) ? name : ''
}

/** Resolves the specifiers of one script as a browser does under the import map of a page. */
export class Specifiers {
  readonly unanswered: UnansweredImport[] = []

  constructor(
    private readonly site: UrlSite,
    private readonly url: URL,
    private readonly map: ImportMap,
  ) {}

  /**
   * The site's file that a specifier resolves to. Records specifiers that resolve to another origin or to no file.
   */
  files(specifier: string, chunk?: (path: string) => boolean): string[] {
    const made = this.site.dataModules?.get(specifier) ?? (chunk?.(specifier) ? specifier : undefined)
    if (made !== undefined) return [made]
    const resolved = resolveSpecifier(specifier, this.url, this.map)
    const answer = resolved && resolveUrl(this.site, resolved.href, this.url)
    if (answer?.kind === 'file') return [answer.path]
    if (answer && resolved) this.note(specifier, resolved, answer)
    return []
  }

  private note(specifier: string, url: URL, { kind }: Target): void {
    if (kind === 'foreign' && /^https?:$/.test(url.protocol))
      this.unanswered.push({ specifier, url: url.href, foreign: true })
    else if (kind === 'missing' || kind === 'outside')
      this.unanswered.push({ specifier, url: writtenUrl(url, this.url), foreign: false })
  }

  /** The scripts of the site that a computed specifier may name. */
  matching(specifier: ComputedText, scripts: readonly string[]): string[] {
    const { head, tail, whole } = specifier
    const known = head === '' ? undefined : resolveSpecifier(head, this.url, this.map)
    const answer = known && resolveUrl(this.site, known.href, this.url)
    if (known && answer?.kind === 'foreign') {
      this.note(head, known, answer)
      return []
    }
    if (whole && answer?.kind === 'file') return [answer.path]
    const inside =
      !whole && answer && 'path' in answer
        ? scripts.filter((path) => path.startsWith(answer.path) && path.endsWith(tail))
        : []
    if (inside.length > 0) return inside
    const name = fileName(tail)
    const named = name === '' ? [] : scripts.filter((path) => path === name || path.endsWith(`/${name}`))
    if (named.length === 0 && whole && known && answer) this.note(head, known, answer)
    return named
  }
}
