import { describe, expect, it } from 'vitest'
import { verifySite } from '../../src/verify/index.ts'
import {
  dynamicFiles,
  fence,
  importMapOf,
  inline,
  memorySite,
  strictFiles,
  strictPolicy,
  app,
} from './sites.ts'

describe('a good site has no refusals', () => {
  it('strict, in two metas', () => {
    expect(verifySite(memorySite(strictFiles())).refusals).toEqual([])
  })

  it('strict, in a header', () => {
    const files = strictFiles({ metas: [] })
    const policy = `${strictPolicy([importMapOf(app), inline])}, ${fence}`
    const site = memorySite(files, { headers: [['Content-Security-Policy', policy]] })
    expect(verifySite(site).refusals).toEqual([])
  })

  it('dynamic, with the hash of every chunk', () => {
    expect(verifySite(memorySite(dynamicFiles())).refusals).toEqual([])
  })

  it('reports what each page can reach, and how it is pinned', () => {
    const { pages } = verifySite(memorySite(strictFiles()))
    const pins = new Map(pages[0]!.modules.map(({ file, pin }) => [file, pin]))
    expect(pins.get('assets/entry.js')).toBe('attribute')
    expect(pins.get('assets/alone.js')).toBe('import-map')
    expect([...pins.keys()].toSorted()).toEqual([
      'assets/alone.js',
      'assets/dep.js',
      'assets/entry.js',
      'assets/lazy.js',
      'assets/shared.js',
    ])
  })
})
