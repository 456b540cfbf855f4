import { firefox } from 'playwright-core'
import { launch } from 'puppeteer-core'
import { findBrowser } from './find.ts'
import type { Browser } from './index.ts'
import { launchPlaywright } from './playwright.ts'
import { Log, visitOf } from './visit.ts'

/** The installed Firefox over WebDriver BiDi, which Playwright cannot drive unpatched. */
export async function launchFirefox(): Promise<Browser> {
  const executablePath = findBrowser('FIREFOX_PATH', 'firefox-esr', 'firefox')
  if (!executablePath) return launchPlaywright('firefox', firefox)
  const browser = await launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    acceptInsecureCerts: true,
  })
  return {
    engine: 'firefox',
    version: await browser.version(),
    async visit(url) {
      const context = await browser.createBrowserContext()
      const page = await context.newPage()
      const log = new Log()
      await page.evaluateOnNewDocument(log.script)
      page.on('console', (message) => log.message(message.type(), message.text()))
      page.on('pageerror', (error) => log.message('error', String(error)))
      await page.goto(url)
      return visitOf(
        {
          evaluate: (expression) => page.evaluate(expression) as Promise<string>,
          click: (selector) => page.click(selector),
          screenshot: () => page.screenshot(),
        },
        log,
      )
    },
    close: () => browser.close(),
  }
}
