import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Options, resolveOptions } from '../../src/options.ts'
import { type SecuredSite, secureSite } from '../../src/pipeline.ts'
import { type Browser, engines, launch } from '../browsers/index.ts'
import { hashOf } from '../outputs/policies.ts'
import { makeDirectory, writeTree } from '../support/files.ts'
import { memorySite } from '../support/memory-site.ts'
import { workersHost } from './cloudflare.ts'
import type { RunningHost } from './host.ts'

const PAGES = 300
const SAMPLED = [0, 150, 299]

const pathOf = (index: number): string => `posts/${index}/index.html`
const scriptOf = (index: number): string => `document.documentElement.dataset.inline = 'post ${index}'`

/** Each page has an inline script of its own, beside one that all share and a module. */
const FILES: Readonly<Record<string, string>> = {
  'assets/app.js': `document.documentElement.dataset.module = 'ran'`,
  ...Object.fromEntries(
    Array.from({ length: PAGES }, (_, index) => [
      pathOf(index),
      `<!doctype html><html><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>${index}</title><script>${scriptOf(index)}</script><script type="module" src="/assets/app.js"></script></head><body></body></html>`,
    ]),
  ),
}

const secured = (options: Options): SecuredSite => secureSite(memorySite(FILES), resolveOptions(options))

describe('a site of 300 pages with 300 inline scripts, on Cloudflare', () => {
  it('as one union is an error with the numbers, and with the ways out that fit', () => {
    const { findings } = secured({ output: 'cloudflare', layout: 'union' })
    const found = findings.find(({ code }) => code === 'header-line-too-long')
    expect(found?.severity).toBe('error')
    const numbers = [...found!.message.matchAll(/\d[\d,]*/g)].map(([digits]) =>
      Number(digits.replaceAll(',', '')),
    )
    // Each script's hash stands in script-src and in script-src-elem.
    const hashes = 2 * PAGES * ` ${hashOf('')}`.length
    expect(numbers[0]).toBeGreaterThan(hashes)
    expect(numbers[0]).toBeLessThan(hashes + 500)
    expect(numbers).toContain(2000)
    expect(found!.hint).toContain("layout: 'split'")
    // No algorithm is short enough.
    expect(found!.hint).not.toContain('algorithm')
  })

  it('fits in the layout that the error names', () => {
    const { findings } = secured({ output: 'cloudflare', layout: 'split' })
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
  })

  describe.each([
    ['nothing but scripts', { preset: 'scripts-only' }, undefined],
    ['what a meta cannot carry', { preset: 'basic' }, "frame-ancestors 'self'"],
  ] as const)('as auto, with %s', (_, options, header) => {
    const root = makeDirectory('many-pages')
    const site = join(root, 'dist')
    let running: RunningHost
    let result: SecuredSite

    beforeAll(async () => {
      result = secured({ output: 'cloudflare', ...options })
      writeTree(site, FILES)
      writeTree(site, Object.fromEntries(result.pages.map(({ path, html }) => [path, html])))
      for (const { path, content, root: place } of result.files) {
        writeTree(place === 'site' ? site : root, { [path]: content })
      }
      running = await workersHost.start({ site, project: root })
    })
    afterAll(async () => {
      await running?.stop()
      rmSync(root, { recursive: true, force: true })
    })

    it('is split: each page has its own script in a meta, and no page another one', () => {
      expect(result.findings.filter(({ severity }) => severity === 'error')).toEqual([])
      for (const [index, { html }] of result.pages.entries()) {
        const other = hashOf(scriptOf((index + 1) % PAGES))
        expect([index, html.includes(hashOf(scriptOf(index))), html.includes(other)]).toEqual([
          index,
          true,
          false,
        ])
      }
      const own = header === undefined ? [] : [`  Content-Security-Policy: ${header}`]
      expect(result.files.map(({ path, content }) => [path, content.split('\n').slice(2, -2)])).toEqual([
        ['_headers', [...own, '  X-Content-Type-Options: nosniff']],
      ])
    })

    describe.each(engines)('in %s', (engine) => {
      let browser: Browser
      beforeAll(async () => {
        browser = await launch(engine)
      })
      afterAll(() => browser?.close())

      it.each(SAMPLED)('page %i works', async (index) => {
        const path = `/posts/${index}/`
        const [answer] = await running.get(path)
        expect(answer?.headers.get('content-security-policy')).toBe(header)
        const visit = await browser.visit(`${running.origin}${path}`)
        await visit.waitFor(`document.documentElement.dataset.module === 'ran'`)
        expect(await visit.evaluate('document.documentElement.dataset.inline')).toBe(`post ${index}`)
        expect(await visit.violations()).toEqual([])
        expect(await visit.consoleErrors()).toEqual([])
      })
    })
  })
})
