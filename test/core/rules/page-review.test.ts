import { describe, expect, it } from 'vitest'
import { buildPolicies } from '../../../src/core/csp/policy.ts'
import { planPage } from '../../../src/core/page/plan.ts'
import { SiteInspector } from '../../../src/core/rules/page-review.ts'
import type { ScannedPage } from '../../../src/core/site/model.ts'
import { type Options, resolveOptions } from '../../../src/options.ts'
import { memorySite } from '../../support/memory-site.ts'

/** Reviews every page of a site with one inspector, as the pipeline does. */
function review(files: Record<string, string>, options: Options = {}) {
  const site = memorySite(files)
  const resolved = resolveOptions(options)
  const read: string[] = []
  const has = (path: string): boolean => Object.hasOwn(files, path)
  const context = { ...site, has, file: (path: string) => (read.push(path), site.file(path)) }
  const inspector = new SiteInspector(context, resolved)
  const pages = site.pages.map(({ path, html }) => {
    const plan = planPage(context, inspector.scan(path, html), resolved, inspector.files.digestOf)
    const needs = inspector.needs(plan)
    const policies = buildPolicies({ ...plan.facts, needs }, resolved)
    return { needs, codes: inspector.judge(plan, policies, needs).map(({ code }) => code) }
  })
  return { pages, read }
}

const codes = (path: string, html: string, options?: Options): string[] =>
  review({ [path]: html, 'a.js': 'eval(x)' }, options).pages[0]?.codes ?? []

describe('the review of a page', () => {
  it('says of each page what holds for it, and leaves it to others to say it once', () => {
    const html = '<script src="/a.js"></script>'
    const { pages } = review({ 'a.html': html, 'b.html': html, 'c.html': '<p>', 'a.js': 'eval(x)' })
    expect(pages.map((page) => page.codes.includes('eval-used'))).toEqual([true, true, false])
  })

  it('reads and searches a file once, however many pages load it', () => {
    const html = '<script src="/a.js"></script>'
    const { read } = review({ 'a.html': html, 'b.html': html, 'a.js': 'x()' })
    expect(read.filter((path) => path === 'a.js')).toHaveLength(1)
  })

  it('hashes inline styles only where something decides about styles', () => {
    const needs = (options: Options) =>
      review({ 'a.html': '<style>p{}</style>' }, options).pages[0]?.needs.map(({ directive }) => directive)
    expect(needs({})).not.toContain('style-src')
    expect(needs({ preset: 'tight' })).toContain('style-src')
  })

  it('scans by the cache that it is given', () => {
    const page = { path: 'a.html' } as ScannedPage
    const cache = { scan: () => page, file: () => expect.unreachable() }
    const site = memorySite({ 'a.html': '' })
    expect(new SiteInspector(site, resolveOptions({}), undefined, cache).scan('a.html', '')).toBe(page)
  })
})

describe('an image that the policy blocks', () => {
  const closed: Options = { directives: { 'img-src': "'none'" } }

  it.each(['index.html', 'favicon/index.html', 'about-favicon.html'])('is reported in %s', (path) => {
    expect(codes(path, '<img src="/a.png">', closed)).toContain('need-blocked')
    expect(codes(path, '<link rel="icon" href="/i.png">', closed)).toContain('need-blocked')
  })

  it('is no loss if it is the icon that browsers ask for of their own accord', () => {
    expect(codes('favicon/index.html', '<p>', closed)).not.toContain('need-blocked')
  })
})
