import type { IntegrityMetadata, SiteContext } from '../site/model.ts'
import { sealImports } from '../graph/seal-imports.ts'
import { urlRequester, writtenUrl } from '../site/urls.ts'

/** What an import map says of the files of a page, as the page may write it. */
export class MapEntries {
  readonly imports = new Map<string, string>()
  readonly integrity = new Map<string, IntegrityMetadata>()
  private readonly urlsOf: (path: string) => readonly URL[]

  constructor(
    private readonly site: SiteContext,
    page: string,
    private readonly base: URL,
  ) {
    this.urlsOf = urlRequester(site, page)
  }

  /** Pins a file under every URL that it is requested by, which are the answer. */
  pin(path: string, hash: IntegrityMetadata | undefined): readonly URL[] {
    const urls = this.urlsOf(path)
    if (hash) for (const url of urls) this.integrity.set(writtenUrl(url, this.base), hash)
    return urls
  }

  /** Leads the `data:` URLs that scripts import to files with the same text, where these are among the scripts. */
  guard(scripts: readonly string[]): void {
    for (const [url, path] of this.site.dataModules ?? [])
      if (scripts.includes(path)) for (const to of this.written(path)) this.imports.set(url, to)
  }

  /** Lets names below the directories of what is pinned so far stand for that alone, and for these styles. */
  seal(styles: readonly string[]): void {
    const named = styles.flatMap((path) => this.written(path))
    for (const [name, to] of sealImports([...this.integrity.keys()], named)) this.imports.set(name, to)
  }

  private written(path: string): string[] {
    return this.urlsOf(path).map((url) => writtenUrl(url, this.base))
  }
}
