import { describe, expect, it } from 'vitest'
import { secureDirectory, verifyDirectory } from '../../src/index.ts'
import { readTree } from '../support/files.ts'
import { run } from '../cli/run-main.ts'
import { page, read, temporarySite } from './temporary-site.ts'

const inline = page('<script>document.title = "ran"</script>')
const broken = page('<script src="/gone-1a2b3c4d.js"></script>')
const FRAGMENTS = {
  'BingSiteAuth.html': '\uFEFF<p>1234</p>\r\n',
  'google1234567890.html': 'google-site-verification: google1234567890.html',
  'parts/menu.html': '<nav onclick="open()"><ul><li>One</ul></nav>\n<style>nav { color: red }</style>\n',
}
const left = (paths: Readonly<Record<string, 'excluded' | 'fragment'>>) =>
  Object.entries(paths).map(([path, why]) => ({ path, why }))

describe('a file without a document', () => {
  it('stays byte for byte as it is, and is told in one line of the table', async () => {
    const site = temporarySite({ 'index.html': inline, ...FRAGMENTS })
    const { exit, out, err } = await run([site])
    expect({ exit, err }).toEqual({ exit: 0, err: '' })
    expect(out.split('\n')).toContain(
      'left as is   BingSiteAuth.html, google1234567890.html, parts/menu.html: no document in it, so it was not changed',
    )
    for (const [path, text] of Object.entries(FRAGMENTS)) expect(read(site, path)).toBe(text)
    expect(await verifyDirectory(site)).toMatchObject({
      ok: true,
      refusals: [],
      pages: [{ page: 'index.html' }],
      left: Object.keys(FRAGMENTS).map((path) => ({ path, why: 'fragment' })),
    })
  })

  it.each([
    '<script>alert(1)</script>',
    '<p>Hi<SCRIPT src=/a.js></SCRIPT>',
    '<iframe srcdoc="&lt;script>alert(1)&lt;/script>"></iframe>',
    '<title>One line</title>',
    '<!DOCTYPE html>',
    '<body onload="x()">',
    '<svg><script>alert(1)</script></svg>',
  ])('is not what could run a script: %s', async (html) => {
    const site = temporarySite({ 'index.html': inline, 'other.html': html })
    const result = await secureDirectory(site, { external: { '/a.js': true } })
    expect(result.left).toEqual([])
    expect(read(site, 'other.html')).toContain('Content-Security-Policy')
  })

  it('is copied with the rest of the site, and known to the cache of runs', async () => {
    const site = temporarySite({ 'index.html': inline, ...FRAGMENTS })
    const elsewhere = temporarySite({})
    await secureDirectory(site, { out: `${elsewhere}/copy` })
    for (const [path, text] of Object.entries(FRAGMENTS)) expect(read(`${elsewhere}/copy`, path)).toBe(text)
    const cache = `${elsewhere}/cache`
    const [first, second] = [await secureDirectory(site, { cache }), await secureDirectory(site, { cache })]
    expect(first.left).toHaveLength(3)
    expect(second).toMatchObject({ left: first.left, changed: [] })
  })

  it('does not make a site alone', async () => {
    await expect(secureDirectory(temporarySite(FRAGMENTS))).rejects.toMatchObject({ code: 'no-page' })
  })
})

describe('the option pages', () => {
  const files = { 'index.html': inline, 'legacy.html': broken, 'old/a.html': broken, 'old/b/c.html': broken }

  it('leaves a page out that would fail the run, and says that it is unprotected', async () => {
    const site = temporarySite(files)
    expect((await run([site, '--quiet'])).exit).toBe(1)
    const flags = ['--exclude', 'legacy.html', '--exclude', 'old/**']
    const { exit, out } = await run([site, ...flags])
    expect(exit).toBe(0)
    expect(out).toContain(
      'unprotected  legacy.html, old/a.html, old/b/c.html: left out by the option pages\n',
    )
    expect(read(site, 'index.html')).toContain('Content-Security-Policy')
    expect(read(site, 'old/b/c.html')).toBe(broken)
    expect((await run(['verify', site])).exit).toBe(1)
    const verified = await run(['verify', site, ...flags])
    expect(verified.exit).toBe(0)
    expect(verified.out).toContain('unprotected  legacy.html')
  })

  it('protects only what include names', async () => {
    const site = temporarySite({ ...files, 'de/index.html': inline })
    const result = await secureDirectory(site, {
      pages: { include: ['*.html', 'de/'], exclude: 'legacy.html' },
    })
    expect(result.pages.map(({ path }) => path)).toEqual(['de/index.html', 'index.html'])
    expect(result.left).toEqual(
      left({ 'legacy.html': 'excluded', 'old/a.html': 'excluded', 'old/b/c.html': 'excluded' }),
    )
  })

  it('keeps a header off what is left out, unless one layout was asked for', async () => {
    const pages = { exclude: ['legacy.html', 'old/'] }
    const site = temporarySite(files)
    const split = await secureDirectory(site, { pages, output: 'netlify', preset: 'basic' })
    expect(split.findings.map(({ code }) => code)).toEqual(['excluded-split'])
    expect(read(site, '_headers')).not.toContain('script-src')
    expect(read(site, 'index.html')).toContain('script-src')
    const union = await secureDirectory(site, { pages, output: 'netlify', layout: 'union', dryRun: true })
    expect(union.findings.map(({ code }) => code)).toEqual(['excluded-under-header'])
    expect(await verifyDirectory(site, { pages })).toMatchObject({
      ok: true,
      pages: [{ page: 'index.html' }],
    })
  })

  it('tells a glob that matches no page, and stops where none is left', async () => {
    const site = temporarySite(files)
    const before = readTree(site)
    const { findings } = await secureDirectory(site, {
      pages: { exclude: ['**/*.htm', 'legacy.html', 'old/'] },
      dryRun: true,
    })
    expect(findings.map(({ code }) => code)).toEqual(['pages-unmatched'])
    await expect(secureDirectory(site, { pages: { exclude: '**' } })).rejects.toMatchObject({
      code: 'no-page',
    })
    await expect(secureDirectory(site, { pages: { exclude: '[z-a]' } })).rejects.toThrow('is not a glob')
    expect(readTree(site)).toEqual(before)
  })
})
