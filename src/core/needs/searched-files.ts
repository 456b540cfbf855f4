import { latin1 } from '../text/bytes.ts'
import { digest } from '../site/digest.ts'
import type { HashAlgorithm, IntegrityMetadata, SiteContext } from '../site/model.ts'
import { type CodeTraits, searchCode } from './search-code.ts'
import { searchStyle, type StyleUrl } from './search-style.ts'

/** The results of reading a file once. */
export interface FoundInFile {
  readonly digest: IntegrityMetadata | undefined
  readonly code: CodeTraits | undefined
  readonly style: readonly StyleUrl[]
}

/** Caches the results for a file until its content changes. */
export interface FileCache {
  file(path: string, bytes: Uint8Array, find: () => FoundInFile): FoundInFile
}

const isCode = (path: string): boolean => /\.[cm]?js$/i.test(path)
const isStyle = (path: string): boolean => /\.css$/i.test(path)

/** The files of a site; each is read once, and hashed and searched at the same time. */
export class SearchedFiles {
  private readonly files = new Map<string, FoundInFile | undefined>()

  constructor(
    private readonly site: Pick<SiteContext, 'file'>,
    private readonly algorithm: HashAlgorithm,
    /** Digests that are known without reading the file. */
    private readonly known?: (path: string) => IntegrityMetadata | undefined,
    private readonly cache?: FileCache,
    /** Whether policies restrict only scripts and workers. */
    private readonly scriptsAlone = false,
  ) {}

  readonly digestOf = (path: string): IntegrityMetadata | undefined =>
    this.known ? this.known(path) : this.read(path)?.digest

  code(path: string): CodeTraits | undefined {
    return this.read(path)?.code
  }

  style(path: string): readonly StyleUrl[] {
    return this.read(path)?.style ?? []
  }

  private read(path: string): FoundInFile | undefined {
    if (!this.files.has(path)) this.files.set(path, this.readAnew(path))
    return this.files.get(path)
  }

  private readAnew(path: string): FoundInFile | undefined {
    const bytes = this.site.file(path)
    if (!bytes) return undefined
    const find = (): FoundInFile => this.find(path, bytes)
    return this.cache ? this.cache.file(path, bytes, find) : find()
  }

  private find(path: string, bytes: Uint8Array): FoundInFile {
    return {
      digest: this.known ? undefined : digest(bytes, this.algorithm),
      code: isCode(path) ? searchCode(latin1(bytes), this.scriptsAlone) : undefined,
      style: isStyle(path) ? searchStyle(latin1(bytes)) : [],
    }
  }
}
