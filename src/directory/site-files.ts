import { readFileSync } from 'node:fs'
import { digest } from '../core/digest.ts'
import type { HashAlgorithm, IntegrityMetadata } from '../core/model.ts'
import { DirectoryError } from './errors.ts'

/** So many bytes of scripts and styles are kept, since pages share them. */
const KEPT_BYTES = 32 * 1024 * 1024

/** Bytes and hashes of the files of a directory. Each is hashed once; what was read last is kept. */
export class SiteFiles {
  private readonly kept = new Map<string, Buffer>()
  private readonly made = new Map<string, Buffer>()
  private readonly digests = new Map<string, IntegrityMetadata>()
  private size = 0

  constructor(
    private readonly files: Pick<ReadonlyMap<string, string>, 'get' | 'has'>,
    private readonly algorithm: HashAlgorithm,
  ) {}

  /** A file that the run adds to the site. */
  add(path: string, bytes: Buffer): void {
    this.made.set(path, bytes)
  }

  has(path: string): boolean {
    return this.files.has(path) || this.made.has(path)
  }

  read(path: string): Buffer | undefined {
    const real = this.files.get(path)
    if (real === undefined) return this.made.get(path)
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
