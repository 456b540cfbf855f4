import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { build, type Logger } from 'vite'
import { cspHashes, type Options } from '../../src/index.ts'
import { makeDirectory, writeTree } from '../support/files.ts'

const work = makeDirectory('findings')
afterAll(() => rmSync(work, { recursive: true, force: true }))

/** The log of a build by a configuration file, or by the plugin alone. */
async function logOf(root: string, by: Options | string, outDir = 'dist'): Promise<string> {
  const log: string[] = []
  const say = (message: string): void => void log.push(message)
  const customLogger: Logger = {
    info: say,
    warn: say,
    warnOnce: say,
    error: say,
    clearScreen: () => {},
    hasErrorLogged: () => false,
    hasWarned: false,
  }
  const own =
    typeof by === 'string' ? { configFile: by } : { configFile: false as const, plugins: [cspHashes(by)] }
  await build({ root, logLevel: 'warn', customLogger, build: { outDir, emptyOutDir: true }, ...own })
  return log.join('\n')
}

describe('findings of a real build', () => {
  const files = {
    'index.html':
      '<!doctype html>\n<title>x</title>\n<body>\n  <button class="b" onclick="go()">Go</button>\n<script type="module" src="./src/main.js"></script>\n',
    'src/main.js': "import { run } from './deep/run.js'\n\ndocument.title = run('1 + 1')\n",
    'src/deep/run.js': '// What the user wrote.\nexport const run = (text) => globalThis.eval(text)\n',
  }

  it("point into the user's own HTML and modules", async () => {
    const root = join(work, 'own')
    writeTree(root, files)
    const log = await logOf(root, {})
    expect(log).toContain('index.html:4:21 ')
    expect(log).toContain('[inline-handler]')
    expect(log).toMatch(/src\/deep\/run\.js:2:\d+ /)
    expect(log).toMatch(/assets\/index-[\w-]{8}\.js \(src\/deep\/run\.js\)/)
    expect(log).toContain('[eval-used]')
    expect(log).toContain('> 2 | export const run')
  })

  it('fail the build where they are errors, and write nothing', async () => {
    const root = join(work, 'failing')
    writeTree(root, files)
    await expect(logOf(root, { findings: { 'eval-used': 'error' } })).rejects.toThrow(/eval-used/)
  })
})

describe('an ordinary app', () => {
  it.each([
    ['react-spa', []],
    ['vue-spa', []],
    // It has a script and a stylesheet in public/, under plain names.
    ['vanilla-mpa', ['name-without-hash']],
  ])('%s hears %j under the default preset', async (name, expected) => {
    const root = join(import.meta.dirname, '../../playground', name)
    const log = await logOf(root, join(root, 'vite.config.ts'), join(work, name))
    expect(log).toContain('index.html')
    const codes = [...log.matchAll(/csp-hashes explain ([a-z-]+)/g)].map(([, code]) => code)
    expect([...new Set(codes)]).toEqual(expected)
  })
})
