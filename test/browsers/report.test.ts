import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { expect, it } from 'vitest'
import { secureDirectory } from '../../src/directory.ts'
import { page, read, temporarySite } from '../directory/temporary-site.ts'
import { run } from '../cli/run-main.ts'

const files = {
  'index.html': page(
    '<script type="module" src="/assets/app-1a2b3c4d.js"></script>',
    '<script>"</script><b>&amp;"</script>',
  ),
  'about/index.html': page('', '<script>about()</script>'),
  'assets/app-1a2b3c4d.js': 'import "./dep-1a2b3c4d.js"; import("./lazy-1a2b3c4d.js")',
  'assets/dep-1a2b3c4d.js': 'export{}',
  'assets/lazy-1a2b3c4d.js': 'export{}',
}

it('is one page that works from a file, under its own policy, by keyboard', async () => {
  const site = temporarySite(files)
  await secureDirectory(site)
  const folder = temporarySite({})
  const file = join(folder, 'report.html')
  expect((await run(['report', site, '--out', file, '--quiet'])).exit).toBe(0)
  expect(read(folder, 'report.html')).not.toMatch(/\s(?:src|href)="(?!#)/)

  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
  try {
    const tab = await browser.newPage()
    const said: string[] = []
    tab.on('console', (message) => said.push(message.text()))
    tab.on('pageerror', (error) => said.push(error.message))
    await tab.goto(pathToFileURL(file).href)
    expect(await tab.locator('details.page').count()).toBe(2)
    expect(await tab.locator('svg .node').count()).toBe(3)

    await tab.keyboard.press('j')
    await tab.keyboard.press('Enter')
    await tab.waitForFunction(`document.querySelector('details.page')?.open`)
    await tab.keyboard.press('/')
    await tab.keyboard.type('about')
    await tab.waitForFunction(`document.querySelectorAll('details.page:not([hidden])').length === 1`)
    await tab.keyboard.press('Escape')
    await tab.waitForFunction(`document.querySelectorAll('details.page:not([hidden])').length === 2`)
    await tab.keyboard.press('t')
    await tab.waitForFunction(`document.documentElement.dataset['theme'] !== undefined`)

    // Its own policy is in force: what is injected does not run.
    const ran = await tab.evaluate(`{
      const script = document.createElement('script')
      script.textContent = 'globalThis.injected = true'
      document.body.append(script)
      'injected' in globalThis
    }`)
    expect(ran).toBe(false)
    expect(said.filter((text) => !/Content Security Policy/.test(text))).toEqual([])
  } finally {
    await browser.close()
  }
})
