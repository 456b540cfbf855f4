import { describe, expect, it } from 'vitest'
import { verifySite } from '../../src/verify/index.ts'
import { mutations } from './mutate.ts'
import {
  app,
  dynamicFiles,
  fence,
  importMapOf,
  inline,
  memorySite,
  strictFiles,
  strictPolicy,
} from './sites.ts'

const pinned = Object.keys(app).filter((path) => !path.includes('worker'))
const header = `${strictPolicy([importMapOf(app), inline])}, ${fence}`
const sites = {
  strict: memorySite(strictFiles()),
  dynamic: memorySite(dynamicFiles()),
  'strict in a header': memorySite(strictFiles({ metas: [] }), {
    headers: [['content-security-policy', header]],
  }),
}

describe.each(Object.entries(sites))('%s', (_, site) => {
  it('is good as it is', () => {
    expect(verifySite(site).refusals).toEqual([])
  })

  it.each(mutations(site, pinned))('$name', ({ site: changed, codes }) => {
    const found = verifySite(changed).refusals.map(({ code }) => code)
    expect(codes.filter((code) => found.includes(code))).not.toEqual([])
  })
})
