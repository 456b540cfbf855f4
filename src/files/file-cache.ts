import { readFileSync } from 'node:fs'
import { digest } from '../core/site/digest.ts'
import type { HashAlgorithm, IntegrityMetadata } from '../core/site/model.ts'
import { DirectoryError } from './errors.ts'

/** The size of the cache in bytes. It pays off because pages share scripts and styles. */
const KEPT_BYTES = 32 * 1024 * 1024

export type UsedFile = readonly [path: string, digest: IntegrityMetadata]

/** Reads and hashes the files of a directory. Each file is hashed once; the most recently read files are cached. */
export class SiteFiles {
  private readonly kept = new Map<string, Buffer>()
  private readonly made = new Map<string, Buffer>()
  private readonly digests = new Map<string, IntegrityMetadata>()
  private readonly asked = new Set<string>()
  private askedLately: string[] = []
  private size = 0

  constructor(
    private readonly files: Pick<ReadonlyMap<string, string>, 'get' | 'has'>,
    private readonly algorithm: HashAlgorithm,
  ) {}

  /** Adds a file that the run will write to the site. */
  add(path: string, bytes: Buffer): void {
    this.made.set(path, bytes)
  }

  /** The files that were read since the last call, with their digests. */
  takeUsed(): UsedFile[] {
    const paths = this.askedLately
    this.askedLately = []
    return paths.flatMap((path) => {
      const digest = this.digest(path)
      return digest ? [[path, digest] as const] : []
    })
  }

  has(path: string): boolean {
    return this.files.has(path) || this.made.has(path)
  }

  read(path: string): Buffer | undefined {
    const real = this.files.get(path)
    if (real === undefined) return this.made.get(path)
    if (!this.asked.has(path)) this.askedLately.push(path)
    this.asked.add(path)
    const known = this.kept.get(path)
    if (known) return known
    const bytes = readWhole(real, path)
    this.keep(path, bytes)
    return bytes
  }

  digest(path: string): IntegrityMetadata | undefined {
    const known = this.digests.get(path)
    if (known) return known
    const bytes = this.read(path)
    if (!bytes) return undefined
    const made = digest(bytes, this.algorithm)
    this.digests.set(path, made)
    return made
  }

  private keep(path: string, bytes: Buffer): void {
    this.kept.set(path, bytes)
    this.size += bytes.length
    for (const [oldest, { length }] of this.kept) {
      if (this.size <= KEPT_BYTES || oldest === path) return
      this.kept.delete(oldest)
      this.size -= length
    }
  }
}

/** @throws {DirectoryError} if the file cannot be read */
export function readWhole(real: string, path: string): Buffer {
  try {
    return readFileSync(real)
  } catch (error) {
    throw DirectoryError.from(error, 'read', path)
  }
}
