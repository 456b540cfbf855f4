import { firefox } from 'playwright-core'
import { launch } from 'puppeteer-core'
import { findBrowser } from './find.ts'
import type { Browser, LaunchOptions } from './index.ts'
import { launchPlaywright } from './playwright.ts'
import { Log, visitOf } from './visit.ts'

/** The installed Firefox over WebDriver BiDi, which Playwright cannot drive unpatched. */
export async function launchFirefox({ proxy }: LaunchOptions): Promise<Browser> {
  const executablePath = findBrowser('FIREFOX_PATH', 'firefox-esr', 'firefox')
  if (!executablePath) return launchPlaywright('firefox', firefox, proxy ? { proxy: { server: proxy } } : {})
  const browser = await launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    acceptInsecureCerts: true,
    ...(proxy ? { extraPrefsFirefox: proxyPreferences(proxy) } : {}),
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

function proxyPreferences(proxy: string): Record<string, unknown> {
  const { hostname, port } = new URL(`http://${proxy}`)
  return {
    'network.proxy.type': 1,
    'network.proxy.http': hostname,
    'network.proxy.http_port': Number(port),
    'network.proxy.ssl': hostname,
    'network.proxy.ssl_port': Number(port),
  }
}
