import { describe, expect, it } from 'vitest'
import { digest, matchesIntegrity, parseIntegrity } from '../../../src/core/site/digest.ts'

const TEXT = 'run(1)'
const BYTES = Buffer.from(TEXT)
const HASH = digest(TEXT, 'sha384')
const encoded = HASH.slice('sha384-'.length)
const asUrl = encoded.replaceAll('+', '-').replaceAll('/', '_')

describe('integrity metadata', () => {
  it('matches in base64 and in base64url', () => {
    expect(encoded).toMatch(/[+/]/)
    expect(matchesIntegrity(BYTES, [HASH])).toBe(true)
    expect(matchesIntegrity(BYTES, [`sha384-${asUrl}`])).toBe(true)
  })

  it('names the algorithm by a hyphen, and by nothing else', () => {
    expect(parseIntegrity(`sha384+${encoded} sha1-x ${HASH}?opt`)).toEqual([HASH])
  })

  it('is decided by the strongest algorithm alone', () => {
    expect(matchesIntegrity(BYTES, [digest('other', 'sha256'), HASH])).toBe(true)
    expect(matchesIntegrity(BYTES, [digest(TEXT, 'sha256'), digest('other', 'sha384')])).toBe(false)
  })
})
