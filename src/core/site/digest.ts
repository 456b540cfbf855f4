import { hash } from 'node:crypto'
import type { HashAlgorithm, IntegrityMetadata } from './model.ts'

/** Hashes content into integrity metadata. A string is hashed as UTF-8, as CSP hashes the text of an element. */
export function digest(content: string | Uint8Array, algorithm: HashAlgorithm): IntegrityMetadata {
  return `${algorithm}-${hash(algorithm, content, 'base64')}`
}

const METADATA = /^(sha256|sha384|sha512)-([A-Za-z0-9+/_-]+={0,2})(?:\?.*)?$/

/**
 * The hashes in an `integrity` attribute. Unknown algorithms and malformed hashes are ignored, as browsers do.
 * @see https://www.w3.org/TR/SRI/#parse-metadata
 */
export function parseIntegrity(attribute: string): IntegrityMetadata[] {
  return attribute.split(/[\t\n\f\r ]+/).flatMap((token) => {
    const match = METADATA.exec(token)
    return match ? [`${match[1] as HashAlgorithm}-${match[2]}` as const] : []
  })
}

const STRENGTH: readonly HashAlgorithm[] = ['sha256', 'sha384', 'sha512']

export function algorithmOf(metadata: IntegrityMetadata): HashAlgorithm {
  return metadata.slice(0, 6) as HashAlgorithm
}

/** The hash without its algorithm, in base64; base64url is converted. */
function base64Of(metadata: IntegrityMetadata): string {
  return metadata.slice('sha384-'.length).replaceAll('-', '+').replaceAll('_', '/')
}

/**
 * Whether bytes match integrity metadata: they must match one of the hashes of the strongest algorithm present.
 * @see https://www.w3.org/TR/SRI/#does-response-match-metadatalist
 */
export function matchesIntegrity(bytes: Uint8Array, metadata: readonly IntegrityMetadata[]): boolean {
  const strongest = STRENGTH.findLast((algorithm) => metadata.some((one) => algorithmOf(one) === algorithm))
  if (!strongest) return true
  const expected = digest(bytes, strongest)
  return metadata.some((one) => algorithmOf(one) === strongest && base64Of(one) === base64Of(expected))
}
