import { join } from 'node:path'
import { type BrowserContext, chromium } from 'playwright-core'
import { build } from 'vite'
import { expect, it, onTestFinished } from 'vitest'
import { cspHashes } from '../../../src/index.ts'
import { temporaryDirectory, writeTree } from '../../support/files.ts'
import { collectingLogger } from '../../support/logger.ts'
import { findBrowser } from '../find.ts'
import { engines } from '../index.ts'

const FILES = {
  'index.html':
    '<!doctype html><html><head><meta charset="utf-8"><title>Popup</title></head><body><p id="out">not yet</p><script type="module" src="/popup.js"></script></body></html>',
  'popup.js':
    "import('./lazy.js').then(({ text }) => { document.querySelector('#out').textContent = text })\n",
  'lazy.js': "export const text = 'runs, lazily too'\n",
  'public/manifest.json': JSON.stringify({
    manifest_version: 3,
    name: 'Tides',
    version: '1.0.0',
    action: { default_popup: 'index.html' },
    background: { service_worker: 'sw.js' },
  }),
  'public/sw.js': '',
}

/** Chromium with an unpacked extension. */
async function withExtension(directory: string): Promise<BrowserContext> {
  const executablePath = findBrowser('CHROMIUM_PATH', 'chromium', 'chromium-browser')
  const context = await chromium.launchPersistentContext(temporaryDirectory('profile'), {
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      `--disable-extensions-except=${directory}`,
      `--load-extension=${directory}`,
      // Later versions ignore the switch without this.
      '--disable-features=DisableLoadExtensionCommandLineSwitch',
    ],
    ...(executablePath ? { executablePath } : {}),
  })
  onTestFinished(() => context.close())
  return context
}

// Only Chromium can be given an unpacked extension on the command line.
if (engines.includes('chromium'))
  it.each(['/', './'])('an unpacked extension with base %s runs without an error', async (base) => {
    const root = temporaryDirectory('extension')
    writeTree(root, FILES)
    const { logger: customLogger, lines } = collectingLogger()
    await build({ root, base, configFile: false, customLogger, plugins: [cspHashes()] })
    expect(lines.join('\n')).toContain('extension-page')
    const context = await withExtension(join(root, 'dist'))
    const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'))
    const page = await context.newPage()
    const errors: string[] = []
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
    page.on('pageerror', (error) => errors.push(String(error)))
    await page.goto(new URL('index.html', worker.url()).href)
    await page.waitForFunction(`document.querySelector('#out')?.textContent === 'runs, lazily too'`)
    expect(errors).toEqual([])
  })
