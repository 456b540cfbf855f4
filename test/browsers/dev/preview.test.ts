import { build, preview } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cspHashes } from '../../../src/index.ts'
import { temporaryDirectory, writeTree } from '../../support/files.ts'
import { collectingLogger } from '../../support/logger.ts'
import { type Browser, engines, launch } from '../index.ts'

const FILES = {
  'index.html':
    '<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n<link rel="icon" href="data:,">\n</head>\n<body>\n<button onclick="save()">save</button>\n<script type="module" src="/src/main.js"></script>\n</body>\n</html>\n',
  'src/main.js':
    "const call = globalThis[['e', 'val'].join('')]\ndocument.title = 'before'\nsetTimeout(() => {\n  call(document.title)\n})\n",
}

describe.each(engines.filter((engine) => engine !== 'webkit'))('vite preview in %s', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch(engine)
  })
  afterAll(() => browser.close())

  it.each(['meta', 'netlify'] as const)('tells what the policy in %s refuses, once', async (output) => {
    const root = temporaryDirectory('preview')
    writeTree(root, FILES)
    const { logger, lines } = collectingLogger()
    const config = {
      root,
      configFile: false as const,
      build: { sourcemap: 'hidden' as const },
      plugins: [cspHashes({ output })],
    }
    await build({ ...config, logLevel: 'silent' })
    const server = await preview({ ...config, customLogger: logger, preview: { port: 0, host: 'localhost' } })
    try {
      const url = server.resolvedUrls!.local[0]!
      for (let times = 0; times < 2; times++) {
        const visit = await browser.visit(url)
        await visit.waitFor("document.title === 'before'")
        await expect.poll(async () => (await visit.violations()).length).toBeGreaterThan(1)
      }
      const told = lines.flatMap((line) =>
        [...line.matchAll(/ (\S+:\d+):\d+ .*?\[([a-z-]+)\]$/gm)].map(([, place, code]) => `${code} ${place}`),
      )
      expect(told.toSorted()).toEqual(['eval-used src/main.js:4', 'inline-handler index.html:8'])
    } finally {
      await server.close()
    }
  })
})
