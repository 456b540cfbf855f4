import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { TryError } from './errors.ts'
import type { InstalledBrowser } from './find-browser.ts'

/** The API of a page that is used here. Playwright and Puppeteer both have it. */
export interface DrivenPage {
  goto(url: string, options: { waitUntil: 'load'; timeout: number }): Promise<DrivenResponse | null>
  evaluate(expression: string): Promise<unknown>
  on(event: 'console', listener: (message: { type(): string; text(): string }) => void): unknown
  on(event: 'pageerror', listener: (error: unknown) => void): unknown
  close(): Promise<void>
}

interface DrivenResponse {
  status(): number
  headers(): Readonly<Record<string, string>>
}

/** A browser controlled by Playwright or Puppeteer. */
export interface DrivenBrowser {
  /**
   * Opens a page in a new browser context. `script` runs at the start of every document, before the page's own
   * scripts.
   */
  open(script: string, ignorePolicy: boolean): Promise<DrivenPage>
  close(): Promise<void>
}

interface Playwright {
  readonly chromium: {
    launch(options: object): Promise<{
      newContext(options: object): Promise<{
        addInitScript(script: { content: string }): Promise<unknown>
        newPage(): Promise<DrivenPage>
      }>
      close(): Promise<void>
    }>
  }
}

interface Puppeteer {
  launch(options: object): Promise<{
    createBrowserContext(): Promise<{
      newPage(): Promise<
        DrivenPage & {
          evaluateOnNewDocument(script: string): Promise<unknown>
          setBypassCSP(enabled: boolean): Promise<void>
        }
      >
    }>
    close(): Promise<void>
  }>
}

const PLAYWRIGHT = ['playwright-core', 'playwright']
const PUPPETEER = ['puppeteer-core', 'puppeteer']

/** Neither Chromium's sandbox nor its updates work for root in a container. */
const CHROMIUM_FLAGS = ['--disable-background-networking', '--no-first-run']
const flags = (): string[] =>
  process.getuid?.() === 0 ? [...CHROMIUM_FLAGS, '--no-sandbox'] : CHROMIUM_FLAGS

/** Loads the first of these libraries that is installed in the project. */
async function load<Library>(names: readonly string[], project: string): Promise<Library | undefined> {
  for (const from of [join(project, 'noop.js'), import.meta.url]) {
    for (const name of names) {
      let file: string
      try {
        file = createRequire(from).resolve(name)
      } catch {
        continue
      }
      const loaded = (await import(pathToFileURL(file).href)) as { default?: Library } & Library
      return loaded.default ?? loaded
    }
  }
  return undefined
}

/**
 * Starts an installed browser. Playwright can only control its own Firefox build, so Firefox needs Puppeteer.
 * @throws {TryError} if neither library is installed
 */
export async function launch({ engine, path }: InstalledBrowser, project: string): Promise<DrivenBrowser> {
  const playwright = engine === 'chromium' ? await load<Playwright>(PLAYWRIGHT, project) : undefined
  if (playwright) return throughPlaywright(playwright, path)
  const puppeteer = await load<Puppeteer>(PUPPETEER, project)
  if (puppeteer) return throughPuppeteer(puppeteer, engine, path)
  const name = engine === 'chromium' ? 'playwright-core' : 'puppeteer-core'
  throw new TryError(
    'no-driver',
    `To drive ${path}, csp-hashes needs ${name}, which is not installed here: npm install -D ${name}`,
  )
}

async function throughPlaywright({ chromium }: Playwright, executablePath: string): Promise<DrivenBrowser> {
  const browser = await chromium.launch({ executablePath, args: flags() })
  return {
    async open(content, bypassCSP) {
      const context = await browser.newContext({ ignoreHTTPSErrors: true, bypassCSP })
      await context.addInitScript({ content })
      return context.newPage()
    },
    close: () => browser.close(),
  }
}

async function throughPuppeteer(
  puppeteer: Puppeteer,
  engine: InstalledBrowser['engine'],
  executablePath: string,
): Promise<DrivenBrowser> {
  const browser = await puppeteer.launch({
    executablePath,
    headless: true,
    acceptInsecureCerts: true,
    ...(engine === 'firefox' ? { browser: 'firefox' } : { args: flags() }),
  })
  return {
    async open(script, ignorePolicy) {
      const page = await (await browser.createBrowserContext()).newPage()
      await page.evaluateOnNewDocument(script)
      if (ignorePolicy && engine === 'chromium') await page.setBypassCSP(true)
      return page
    },
    close: () => browser.close(),
  }
}
