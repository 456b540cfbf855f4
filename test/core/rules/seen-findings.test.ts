import { describe, expect, it } from 'vitest'
import { finding } from '../../../src/core/findings/index.ts'
import { SeenFindings } from '../../../src/core/rules/seen-findings.ts'

const at = (offset: number) =>
  finding('file-missing', { url: '/gone.js' }, { file: 'a.html', source: 'a\nb\nc', offset })
const NOWHERE = finding('scripts-at-root', { count: 17 })
const SITE = { graph: new Map() }

describe('the findings of all pages', () => {
  it('are told once, unless they stand in different places', () => {
    const seen = new SeenFindings()
    const first = seen.newOf({ findings: [at(0), NOWHERE, at(2)], pins: ['a.js'] })
    expect(first).toEqual({ findings: [at(0), NOWHERE, at(2)], pins: ['a.js'] })
    expect(seen.newOf({ findings: [at(2), at(4), NOWHERE], pins: ['a.js', 'b.js'] })).toEqual({
      findings: [at(4)],
      pins: ['b.js'],
    })
  })

  it('name every file without a hash in its name together, at the end', () => {
    const seen = new SeenFindings()
    expect(seen.ofSite(SITE)).toEqual([])
    for (const name of ['b.js', 'a-Cx9Kd2Lq.js', 'a.js', 'b.js']) seen.newOf({ findings: [], pins: [name] })
    const [found, ...others] = seen.ofSite(SITE)
    expect(found?.code).toBe('name-without-hash')
    expect(found?.message).toContain('a.js, b.js')
    expect(others).toEqual([])
  })

  it('come out the same whichever threads worked on the pages', () => {
    const pages = [[at(0), NOWHERE], [NOWHERE, at(2)], [at(2), at(4)], [at(0)]].map((findings, page) => ({
      findings,
      pins: [`${page % 2}.js`],
    }))
    const alone = new SeenFindings()
    const expected = pages.flatMap((page) => alone.newOf(page).findings)
    for (const cut of [1, 2, 3]) {
      const threads = [new SeenFindings(), new SeenFindings()]
      const sent = pages.map((page, index) => threads[index % cut === 0 ? 0 : 1]!.newOf(page))
      const all = new SeenFindings()
      expect(sent.flatMap((page) => all.newOf(page).findings)).toEqual(expected)
      expect(all.ofSite(SITE)).toEqual(alone.ofSite(SITE))
    }
  })
})
