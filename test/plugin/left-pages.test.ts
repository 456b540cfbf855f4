import { join } from 'node:path'
import { build } from 'vite'
import { expect, it } from 'vitest'
import { cspHashes, type Options } from '../../src/index.ts'
import { readTree, temporaryDirectory, writeTree } from '../support/files.ts'
import { collectingLogger } from '../support/logger.ts'

const verification = 'google-site-verification: google1234.html\n'
const document = '<!doctype html><script src="/gone.js"></script>'
const files = {
  'index.html': '<!doctype html><head><script type="module" src="/main.js"></script></head>',
  'legacy.html': document,
  'main.js': 'document.title = "ran"',
  'public/google1234.html': verification,
  'public/old/print.html': document,
}

async function built(options: Options, inputs: readonly string[]) {
  const root = temporaryDirectory('left-pages')
  writeTree(root, files)
  const { logger, lines } = collectingLogger()
  await build({
    root,
    configFile: false,
    customLogger: logger,
    build: { rolldownOptions: { input: inputs.map((name) => join(root, name)) } },
    plugins: [cspHashes(options)],
  })
  return { out: readTree(join(root, 'dist')), log: lines.join('\n') }
}

it('leaves files without a document and excluded pages as they are, and names them', async () => {
  const pages = { exclude: ['legacy.html', 'old/**'] }
  const { out, log } = await built({ pages, findings: { 'file-missing': 'warn' } }, [
    'index.html',
    'legacy.html',
  ])
  expect(out['google1234.html']?.toString()).toBe(verification)
  expect(out['old/print.html']?.toString()).toBe(document)
  expect(out['legacy.html']?.toString()).not.toContain('Content-Security-Policy')
  expect(out['index.html']?.toString()).toContain('Content-Security-Policy')
  expect(log).toContain('unprotected  legacy.html, old/print.html: left out by the option pages')
  expect(log).toContain('left as is   google1234.html: no document in it, so it was not changed')
  expect(log).not.toContain('file-missing')
})

it('does not take a verification file for the page of a build without pages', async () => {
  const { log } = await built({ output: 'netlify', pages: { exclude: 'old/**' } }, ['main.js'])
  expect(log).toContain('[no-page]')
})
