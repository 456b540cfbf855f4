import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyDirectory } from '../../src/index.ts'
import { FAINT } from '../browsers/contrast.ts'
import { findBrowser } from '../browsers/find.ts'
import { type Browser, engines, launch } from '../browsers/index.ts'
import { type Served, serve } from '../browsers/serve.ts'

const DOCS = join(import.meta.dirname, '../../docs')
const SITE = join(DOCS, '.vitepress/dist')
let pages: string[]
let served: Served

beforeAll(async () => {
  // VitePress ends with an error where a link of a page leads nowhere.
  execFileSync('npm', ['run', 'build'], { cwd: DOCS, stdio: ['ignore', 'ignore', 'inherit'] })
  pages = readdirSync(SITE).filter((name) => name.endsWith('.html'))
  served = await serve({ dir: SITE })
})

afterAll(() => served?.close())

describe('the site of the docs', () => {
  it('has a page for each file, and every page is protected', async () => {
    const sources = readdirSync(DOCS).filter((name) => name.endsWith('.md'))
    expect(pages.toSorted()).toEqual(
      [...sources.map((name) => name.replace(/md$/, 'html')), '404.html'].toSorted(),
    )
    const { ok, refusals } = await verifyDirectory(SITE)
    expect(refusals.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(ok).toBe(true)
  })

  describe.each(engines)('in %s', (engine) => {
    let browser: Browser
    beforeAll(async () => {
      browser = await launch(engine)
    })
    afterAll(() => browser?.close())

    // The other pages differ by their text alone; Chromium opens them below.
    it.each(['index.html', 'start.html', 'findings.html'])(
      'hydrates %s without a violation',
      async (page) => {
        const visit = await browser.visit(served.url(page))
        await visit.waitFor(`document.querySelector('#app')?.__vue_app__`)
        expect(await visit.violations()).toEqual([])
      },
    )
  })

  it.each(['light', 'dark'] as const)(
    'fits a phone, can be read, and is refused nothing, %s',
    async (colorScheme) => {
      const browser = await chromium.launch({
        executablePath: findBrowser('CHROMIUM', 'chromium', 'google-chrome', 'chrome')!,
        args: [
          '--no-sandbox',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
        ],
      })
      try {
        const page = await browser.newPage({ viewport: { width: 375, height: 800 }, colorScheme })
        const refused: string[] = []
        page.on('console', (message) => {
          if (/Content Security Policy/.test(message.text())) refused.push(message.text())
        })
        for (const name of pages) {
          // oxlint-disable-next-line no-await-in-loop
          await page.goto(served.url(name))
          // oxlint-disable-next-line no-await-in-loop
          expect(await page.evaluate('document.documentElement.scrollWidth'), name).toBe(375)
          // oxlint-disable-next-line no-await-in-loop
          expect(await page.evaluate(FAINT), name).toEqual([])
        }
        // By keyboard alone: past the navigation into the page, and on by a link of its text.
        await page.goto(served.url('start.html'))
        const focused = (): Promise<unknown> =>
          page.evaluate(`document.activeElement.getAttribute('href') ?? document.activeElement.tagName`)
        await page.keyboard.press('Tab')
        expect(await focused()).toBe('#VPContent')
        await page.keyboard.press('Enter')
        const passed: unknown[] = []
        while (passed.length < 60 && !/frameworks/.test(String(passed.at(-1)))) {
          // oxlint-disable-next-line no-await-in-loop
          await page.keyboard.press('Tab')
          // oxlint-disable-next-line no-await-in-loop
          passed.push(await focused())
        }
        await page.keyboard.press('Enter')
        await expect
          .poll(() => page.url(), { message: passed.join(' '), timeout: 20_000 })
          .toMatch(/frameworks/)
        expect(refused).toEqual([])
      } finally {
        await browser.close()
      }
    },
  )
})
