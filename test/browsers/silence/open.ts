import { readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { findBrowser } from '../find.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.css': 'text/css',
}

/** What a page did, on an origin that no network has. */
export interface Opened {
  readonly text: string
  /** Scripts of other places that ran, by URL. */
  readonly ran: readonly string[]
  /** `directive blocked-url` of every violation. */
  readonly violations: readonly string[]
}

export const SITE = 'https://site.example'

export function launchChromium(): Promise<Browser> {
  const executablePath = findBrowser(
    'CHROMIUM_PATH',
    'chromium',
    'chromium-browser',
    'google-chrome',
    'chrome',
  )
  return chromium.launch({
    args: ['--no-sandbox', '--disable-gpu'],
    ...(executablePath && { executablePath }),
  })
}

function fileOf(dist: string, pathname: string): string | undefined {
  const path = join(dist, pathname.endsWith('/') ? `${pathname}index.html` : pathname)
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? path : undefined
}

/** What the rule for every path in a `_headers` file sends. */
function sentHeaders(dist: string): Record<string, string> {
  const file = fileOf(dist, '/_headers')
  const [, rule = ''] = /^\/\*\n((?:[ \t]+.*\n?)*)/m.exec(file ? readFileSync(file, 'utf8') : '') ?? []
  return Object.fromEntries(
    [...rule.matchAll(/^[ \t]+([\w-]+): (.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  )
}

/**
 * Opens a built site, with the header that its `_headers` file has for every path. Every other address answers with a script that says that it ran, or with what `answers` has for it.
 */
export async function openSite(
  browser: Browser,
  dist: string,
  answers: Readonly<Record<string, string>> = {},
): Promise<Opened> {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.addInitScript(
    "globalThis.ran = []; globalThis.violations = []; addEventListener('securitypolicyviolation', (e) => violations.push(`${e.effectiveDirective} ${e.blockedURI}`))",
  )
  await context.route('**/*', (route) => {
    const url = new URL(route.request().url())
    if (url.protocol === 'blob:') return route.continue()
    const file = url.origin === SITE ? fileOf(dist, url.pathname) : undefined
    if (file !== undefined) {
      const contentType = TYPES[extname(file)] ?? 'text/plain'
      return route.fulfill({ body: readFileSync(file), contentType, headers: sentHeaders(dist) })
    }
    const body = answers[url.href] ?? `globalThis.ran.push(${JSON.stringify(`${url.origin}${url.pathname}`)})`
    const headers = { 'access-control-allow-origin': '*' }
    return route.fulfill({ body, contentType: 'text/javascript', headers })
  })
  await page.goto(`${SITE}/`)
  await page.waitForTimeout(300)
  // eslint-disable-next-line typescript/no-unsafe-type-assertion -- the globals are the script's above
  const opened = (await page.evaluate(
    '({ text: document.body.textContent, ran: globalThis.ran, violations: globalThis.violations })',
  )) as Opened
  await context.close()
  return opened
}
