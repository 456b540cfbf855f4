import { createHash } from 'node:crypto'
import { toBase64 } from './source-list.ts'

/** One hash of an integrity attribute. The value is standard base64. */
export interface IntegrityHash {
  readonly algorithm: string
  readonly value: string
}

const strength: readonly string[] = ['sha256', 'sha384', 'sha512']

/**
 * Parses an integrity attribute. Unknown algorithms, malformed tokens and options are dropped.
 * @see https://www.w3.org/TR/SRI/#parse-metadata
 */
export function parseIntegrity(metadata: string | undefined): IntegrityHash[] {
  const hashes: IntegrityHash[] = []
  for (const token of (metadata ?? '').split(/[\t\n\f\r ]+/)) {
    const match = /^(sha256|sha384|sha512)-([a-z0-9+/_-]+={0,2})$/i.exec(token.split('?')[0] ?? '')
    if (match?.[1] === undefined || match[2] === undefined) continue
    hashes.push({ algorithm: match[1].toLowerCase(), value: toBase64(match[2]) })
  }
  return hashes
}

export function digest(algorithm: string, content: Uint8Array | string): string {
  return createHash(algorithm).update(content).digest('base64')
}

/**
 * Only hashes of the strongest algorithm count, and one of them must match. Without any valid hash, all bytes pass.
 * @see https://www.w3.org/TR/SRI/#does-response-match-metadatalist
 */
export function integrityHolds(
  hashes: readonly IntegrityHash[],
  digestOf: (algorithm: string) => string,
): boolean {
  if (hashes.length === 0) return true
  const strongest = Math.max(...hashes.map((hash) => strength.indexOf(hash.algorithm)))
  return hashes.some(
    (hash) =>
      strength.indexOf(hash.algorithm) === strongest &&
      unpadded(hash.value) === unpadded(digestOf(hash.algorithm)),
  )
}

function unpadded(value: string): string {
  return value.replace(/=+$/, '')
}
