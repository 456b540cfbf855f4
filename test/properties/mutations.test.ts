import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Options } from '../../src/index.ts'
import { resolveOptions } from '../../src/options.ts'
import { secureSite } from '../../src/pipeline.ts'
import { verifySite } from '../../src/verify/index.ts'
import { memorySite as siteOf } from '../support/memory-site.ts'
import { mutations } from '../verify/mutate.ts'
import { memorySite } from '../verify/sites.ts'
import { runs } from './arbitrary.ts'

const FILES = { 'x.js': "import './y.js'\n", 'y.js': 'export {}\n', 'z.js': 'z()\n', 'a.css': 'a{}\n' }
const GRAPH = new Map([
  ['x.js', { imports: ['y.js'], dynamicImports: [], styles: [] }],
  ['y.js', { imports: [], dynamicImports: [], styles: [] }],
])

/** Heads of pages, with the files that they pin. */
const parts = {
  '<script>one()</script>': [],
  '<script>two("</s" + 1)</script>\r\n': [],
  '<script async>three()</script>': [],
  '<script defer src="/z.js"></script>': ['z.js'],
  "<link rel=stylesheet href='/a.css'>": ['a.css'],
  '<meta name=a content="&amp;>">': [],
  '<!-- <script> -->': [],
  '<title>&lt;script></title>': [],
} as const

const page = fc.uniqueArray(fc.constantFrom(...(Object.keys(parts) as (keyof typeof parts)[])), {
  maxLength: 6,
})

/** Without strict locations a fence is only a second wall: it may be missing. */
const options: fc.Arbitrary<Options> = fc.record({
  scripts: fc.constant('strict'),
  preset: fc.constantFrom('scripts-only', 'basic', 'tight'),
  algorithm: fc.constantFrom('sha256', 'sha384', 'sha512'),
})

it('the oracle accepts any site of ours, and refuses it with any one thing changed', () => {
  let changed = 0
  fc.assert(
    fc.property(page, options, (chosen, given) => {
      const html = `<!doctype html><html><head><meta charset=utf-8><script>always()</script>${chosen.join('')}<script type=module src=/x.js></script></head><body><p>Text</p></body></html>`
      const { pages } = secureSite(
        siteOf({ ...FILES, 'index.html': html }, '/', GRAPH),
        resolveOptions(given),
      )
      const site = memorySite({ ...FILES, 'index.html': pages[0]?.html ?? '' })
      expect(verifySite(site).refusals).toEqual([])
      for (const mutation of mutations(
        site,
        new Set(['x.js', 'y.js', ...chosen.flatMap((part) => parts[part])]),
      )) {
        changed++
        const codes = verifySite(mutation.site).refusals.map(({ code }) => code)
        if (!mutation.codes.some((code) => codes.includes(code)))
          expect([mutation.name, codes]).toEqual(mutation.codes)
      }
    }),
    runs(3),
  )
  expect(changed).toBeGreaterThan(50)
})
