import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { verifySite } from '../../src/verify/index.ts'
import { type Browser, engines, launch } from '../browsers/index.ts'
import { serve } from '../browsers/serve.ts'
import { makeDirectory, readTree } from '../support/files.ts'
import { INDEX_MARKS } from './app.ts'
import { type Built, buildFixture } from './build.ts'
import { type Fixture, SHAPES } from './fixtures.ts'
import { TOOLCHAINS } from './majors.ts'

/** An app that works offline: all its files are in the precache of a service worker. */
const FIXTURE: Fixture = {
  name: 'pwa',
  pages: { 'index.html': INDEX_MARKS },
  before: () => [
    VitePWA({
      registerType: 'autoUpdate',
      injectRegister: 'script-defer',
      manifest: { name: 'App', icons: [] },
      workbox: { globPatterns: ['**/*.{js,css,html}'] },
    }) as unknown as Plugin,
  ],
}

describe.each(TOOLCHAINS.map((toolchain) => [toolchain.major, toolchain] as const))(
  'vite-plugin-pwa, Vite %i',
  (major, toolchain) => {
    const directory = makeDirectory('pwa')
    const builds = new Map<string, Built>()
    beforeAll(async () => {
      for (const scripts of SHAPES) {
        const root = join(directory, scripts)
        builds.set(
          scripts,
          await buildFixture({ toolchain, fixture: FIXTURE, root, cdn: '', options: { scripts } }),
        )
      }
    })
    afterAll(() => rmSync(directory, { recursive: true, force: true }))

    it.each(SHAPES)('has the final page in the precache, %s', (shape) => {
      const files = readTree(builds.get(shape)!.dist)
      const revision = createHash('md5').update(files['index.html']!).digest('hex')
      expect(files['sw.js']!.toString()).toContain(revision)
      expect(files['index.html']!.toString()).toContain('strict-dynamic')
    })

    it('nothing is refused or unpinned, strict', () => {
      const files = readTree(builds.get('strict')!.dist)
      const { refusals } = verifySite({ base: '/', pages: () => ['index.html'], read: (path) => files[path] })
      expect(refusals.map(({ code, subject }) => `${code} ${subject}`)).toEqual([])
    })

    // The plugin makes the same service worker for every major.
    if (major !== 8) return

    describe.each(engines)('in %s', (engine) => {
      let browser: Browser
      beforeAll(async () => void (browser = await launch(engine)))
      afterAll(() => browser?.close())

      it.each(SHAPES)('installs, and works offline, %s', async (shape) => {
        const site = await serve({ dir: builds.get(shape)!.dist })
        onTestFinished(() => site.close().catch(() => {}))
        const visit = await browser.visit(site.url(''))
        const runs = `${JSON.stringify(INDEX_MARKS)}.every((mark) => marks.includes(mark))`
        await visit.waitFor(runs)
        await visit.waitFor(
          'navigator.serviceWorker.ready.then(({ active }) => active.state === "activated")',
        )
        await visit.evaluate('(window.old = true)')
        await site.close()
        await visit.evaluate('(setTimeout(() => location.reload()), true)')
        await visit.waitFor(`!window.old && window.marks && ${runs}`)
        expect(await visit.violations()).toEqual([])
      })
    })
  },
)
