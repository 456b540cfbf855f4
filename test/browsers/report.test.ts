import { rmSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import { type Browser as Chromium, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { secureDirectory } from '../../src/directory.ts'
import { page, read } from '../directory/temporary-site.ts'
import { makeDirectory, writeTree } from '../support/files.ts'
import { run } from '../cli/run-main.ts'
import { FAINT } from './contrast.ts'
import { findBrowser } from './find.ts'
import { engines, launch } from './index.ts'
import { expectQuiet } from './playground/walk.ts'
import { serve } from './serve.ts'

/** A line of a minified script, and where it was written: `eval` stands in line 3, column 10 of `src/app.ts`. */
const CODE = 'let a="import";import("./lazy-1a2b3c4d.js");eval(a);'
const MAP = {
  version: 3,
  sources: ['../../src/app.ts'],
  sourcesContent: ['const name = "import"\n\n  return eval(name)\n'],
  names: [],
  // Generated column 44 is line 3, column 10.
  mappings: '4CAES',
}

const files = {
  'index.html': page(
    '<script type="module" src="/assets/app-1a2b3c4d.js"></script>',
    '<script>"</script><b>&amp;"</script>',
  ),
  'about/index.html': page('', '<script>about()</script><p onclick="go()">'),
  'assets/app-1a2b3c4d.js': `import "./dep-1a2b3c4d.js";\n${CODE}`,
  'assets/app-1a2b3c4d.js.map': JSON.stringify({ ...MAP, mappings: `;${MAP.mappings}` }),
  'assets/dep-1a2b3c4d.js': 'export{}',
  'assets/lazy-1a2b3c4d.js': 'export{}',
}

const SETTINGS = [
  '--output',
  'meta,netlify',
  '--finding',
  'eval-used=warn',
  '--finding',
  'inline-handler=warn',
]
let folder: string
let file: string

beforeAll(async () => {
  const site = makeDirectory('report-site')
  writeTree(site, files)
  await secureDirectory(site, {
    output: ['meta', 'netlify'],
    findings: { 'eval-used': 'warn', 'inline-handler': 'warn' },
  })
  folder = makeDirectory('report')
  file = join(folder, 'report.html')
  expect((await run(['report', site, ...SETTINGS, '--out', file, '--quiet'])).exit).toBe(0)
  return () => [site, folder].forEach((one) => rmSync(one, { recursive: true, force: true }))
})

describe.each(engines)('in %s', (engine) => {
  it('shows everything under its own policy without a violation', async () => {
    const browser = await launch(engine)
    const served = await serve({ dir: folder })
    try {
      const visit = await browser.visit(served.url('/report.html'))
      await visit.waitFor(`document.querySelectorAll('svg .node').length === 3`)
      await visit.click('details.page > summary')
      await visit.waitFor(`document.querySelector('details.page').open`)
      await visit.click('details.page .copy')
      await visit.waitFor(`document.querySelector('details.page .copy').textContent !== 'Copy'`)
      await visit.click('a[href="#fix-eval-used"]')
      await visit.waitFor(`document.querySelector('.fix:target h3').textContent === 'eval-used'`)
      await expectQuiet(visit)
    } finally {
      await served.close()
      await browser.close()
    }
  })
})

describe('the report as a file', () => {
  let browser: Chromium
  let tab: Page
  const said: string[] = []
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: findBrowser('CHROMIUM', 'chromium', 'google-chrome', 'chrome')!,
      args: ['--no-sandbox'],
    })
    const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] })
    tab = await context.newPage()
    tab.on('console', (message) => said.push(message.text()))
    tab.on('pageerror', (error) => said.push(error.message))
    await tab.goto(pathToFileURL(file).href)
  })
  afterAll(() => browser?.close())

  // Playwright's own wait is refused as `eval` by the policy of the page.
  const until = (expression: string): Promise<void> =>
    expect.poll(() => tab.evaluate(expression), { timeout: 20_000 }).toBe(true)

  it('loads nothing', () => {
    expect(read(folder, 'report.html')).not.toMatch(/\s(?:src|href)="(?!#|data:,")/)
  })

  it('works by keyboard', async () => {
    expect(await tab.locator('details.page').count()).toBe(2)
    await tab.keyboard.press('j')
    await tab.keyboard.press('Enter')
    await until(`document.querySelector('details.page')?.open`)
    await tab.keyboard.press('Tab')
    await tab.keyboard.press('Enter')
    await until(`document.querySelector('details.page .copy').textContent === 'Copied'`)
    const copied = await tab.evaluate('navigator.clipboard.readText()')
    expect(copied).toBe(await tab.locator('.copy').first().getAttribute('data-copy'))
    expect(copied).toMatch(/^script-src 'sha384-\S+' .+; base-uri 'none'$/)

    await tab.keyboard.press('/')
    await tab.keyboard.type('about')
    await until(`document.querySelectorAll('details.page:not([hidden])').length === 1`)
    await tab.keyboard.press('Escape')
    await until(`document.querySelectorAll('details.page:not([hidden])').length === 2`)
    await tab.keyboard.press('t')
    await until(`document.documentElement.dataset['theme'] !== undefined`)
  })

  it('shows where a finding was written, and leads to what to do', async () => {
    const item = tab.locator('#findings .item', { hasText: 'eval' })
    expect(await item.locator('p.mono').textContent()).toBe('src/app.ts:3:10')
    expect(await item.locator('pre').textContent()).toContain('> 3 |   return eval(name)')
    await item.locator('a').click()
    expect(await tab.locator('.fix:target').textContent()).toContain('What to do.')
  })

  it('shows the header file, and what evaluators say', async () => {
    expect(await tab.locator('#headers pre').textContent()).toContain('  Content-Security-Policy: script-src')
    expect(await tab.locator('#verdict').textContent()).toContain('Mozilla')
    expect(await tab.locator('#verdict code', { hasText: /^csp-/ }).count()).toBe(1)
  })

  it('runs nothing that is injected', async () => {
    expect(said).toEqual([])
    const ran = await tab.evaluate(`{
      const script = document.createElement('script')
      script.textContent = 'globalThis.injected = true'
      document.body.append(script)
      'injected' in globalThis
    }`)
    expect(ran).toBe(false)
  })

  it.each(['light', 'dark'] as const)('fits a phone and can be read, %s', async (colorScheme) => {
    const phone = await browser.newPage({ viewport: { width: 375, height: 700 }, colorScheme })
    await phone.goto(pathToFileURL(file).href)
    await phone.evaluate(`for (const one of document.querySelectorAll('details')) one.open = true`)
    expect(await phone.evaluate('document.documentElement.scrollWidth')).toBe(375)
    // The graph scrolls by itself, and a chunk that gets the focus comes into view.
    await phone.locator('svg .node').last().focus()
    const place = await phone.locator('svg .node').last().boundingBox()
    expect(place!.x + place!.width / 2).toBeLessThan(375)
    // Table cells stand below each other.
    const cells = await phone.evaluate(
      `[...document.querySelector('tbody tr').cells].map((cell) => cell.getBoundingClientRect().left)`,
    )
    expect(new Set(cells as number[]).size).toBe(1)
    expect(await phone.evaluate(FAINT)).toEqual([])
    await phone.close()
  })
})
