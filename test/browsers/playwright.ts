import { type BrowserType, chromium } from 'playwright-core'
import { findBrowser, missing } from './find.ts'
import type { Browser, Engine, LaunchOptions } from './index.ts'
import { Log, type Page, visitOf } from './visit.ts'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

export function launchChromium({ proxy }: LaunchOptions): Promise<Browser> {
  const file = findBrowser('CHROMIUM_PATH', 'chromium', 'chromium-browser', 'google-chrome', 'chrome')
  return launchPlaywright('chromium', chromium, {
    args: [...flags, ...(proxy ? [`--proxy-server=${proxy}`] : [])],
    ...(file ? { executablePath: file } : {}),
  })
}

/** Playwright's own build, for an engine that is not installed. */
export async function launchPlaywright(
  engine: Engine,
  type: BrowserType,
  options: { args?: string[]; executablePath?: string; proxy?: { server: string } } = {},
): Promise<Browser> {
  const browser = await type.launch(options).catch((error: unknown) => {
    throw missing(engine, `npx playwright-core install --with-deps ${engine}`, error)
  })
  return {
    engine,
    version: browser.version(),
    async visit(url) {
      const context = await browser.newContext({ ignoreHTTPSErrors: true })
      const page = await context.newPage()
      const log = new Log()
      await page.addInitScript({ content: log.script })
      page.on('console', (message) => log.message(message.type(), message.text()))
      page.on('pageerror', (error) => log.message('error', String(error)))
      const cdp = engine === 'chromium' ? await context.newCDPSession(page) : undefined
      await page.goto(url)
      const driven: Page = {
        async evaluate(expression) {
          if (!cdp) return page.evaluate<string>(expression)
          // Without the last setting, the protocol would lift the page's ban on eval for the expression's time.
          const { result, exceptionDetails } = await cdp.send('Runtime.evaluate', {
            expression,
            awaitPromise: true,
            returnByValue: true,
            allowUnsafeEvalBlockedByCSP: false,
          })
          if (exceptionDetails)
            throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
          return String(result.value)
        },
        click: (selector) => page.click(selector),
        screenshot: () => page.screenshot(),
      }
      return visitOf(driven, log)
    },
    close: () => browser.close(),
  }
}
