import { describe, expect, it } from 'vitest'
import { finding, isFindingCode } from '../../src/core/findings/index.ts'
import { refusalRules, type RefusalCode } from '../../src/verify/index.ts'

/** What a build and `verify` say about the same fault. They share no code, so each has its own copy of the text. */
const PAIRS = {
  'file-missing': finding('file-missing', { url: 'x' }),
  'integrity-mismatch': finding('integrity-mismatch', { url: 'x' }),
  'import-map-invalid': finding('import-map-invalid', { reason: 'x' }),
  'page-encoding': finding('page-encoding', {}),
  'meta-directive-ignored': finding('meta-directive-ignored', { directive: 'x' }),
  'base-blocked': finding('base-blocked', { href: 'x', source: 'x' }),
}

describe('a code that a build and verify both know', () => {
  it('is one of these', () => {
    expect(Object.keys(refusalRules).filter(isFindingCode).toSorted()).toEqual(Object.keys(PAIRS).toSorted())
  })

  it.each(Object.entries(PAIRS))('%s: says the same', (code, { message }) => {
    expect(refusalRules[code as RefusalCode].message({ subject: 'x' })).toBe(message)
  })
})
