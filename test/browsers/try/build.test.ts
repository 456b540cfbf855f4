import { build } from 'vite'
import { describe, expect, it } from 'vitest'
import { cspHashes } from '../../../src/index.ts'
import { collectingLogger } from '../../support/logger.ts'
import { temporaryDirectory, writeTree } from '../../support/files.ts'

const html = (script: string): string =>
  `<!doctype html><html><head><meta charset="utf-8"><title>t</title></head><body><p>text</p><script type="module" src="/main.js"></script><!-- ${script.length} --></body></html>`

/** What only a browser sees: the URL is put together when the script runs. */
const FOREIGN = `const script = document.createElement('script')
script.src = 'https://widgets' + '.invalid/' + 'a.js'
document.head.append(script)`

async function built(main: string, attempt: boolean): Promise<{ error: string; lines: readonly string[] }> {
  const root = temporaryDirectory('try-build')
  writeTree(root, { 'index.html': html(main), 'main.js': main })
  const { logger: customLogger, lines } = collectingLogger()
  const error = await build({
    root,
    configFile: false,
    customLogger,
    base: '/sub/',
    plugins: [cspHashes({ try: attempt })],
  }).then(
    () => '',
    (reason: unknown) => String(reason),
  )
  return { error, lines }
}

describe('try: true behind vite build', () => {
  it('fails the build that a browser refuses something of, and says what to write', async () => {
    const { error } = await built(FOREIGN, true)
    expect(error).toContain('https://widgets.invalid')
    expect(error).toContain('external')
  })

  it('lets a build pass that nothing is refused of, and says that it was tried', async () => {
    const { error, lines } = await built("document.documentElement.dataset.ran = 'yes'", true)
    expect(error).toBe('')
    expect(lines.join('\n')).toMatch(/Opened 1 page in .*: nothing was refused/)
  })

  it('opens no browser unless it is asked for', async () => {
    const { error } = await built(FOREIGN, false)
    expect(error).toBe('')
  })
})
