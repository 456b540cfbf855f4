import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { build, type Logger } from 'vite'
import { cspHashes, type Options } from '../../src/index.ts'
import { buildPlayground, PLAYGROUNDS } from '../playground/apps.ts'
import { makeDirectory, writeTree } from '../support/files.ts'

const work = makeDirectory('findings')
afterAll(() => rmSync(work, { recursive: true, force: true }))

async function logOf(root: string, options: Options): Promise<string> {
  const log: string[] = []
  const say = (message: string): void => void log.push(message)
  const customLogger: Logger = {
    info: () => {},
    warn: say,
    warnOnce: say,
    error: say,
    clearScreen: () => {},
    hasErrorLogged: () => false,
    hasWarned: false,
  }
  await build({ root, configFile: false, logLevel: 'warn', customLogger, plugins: [cspHashes(options)] })
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
  it.each(Object.keys(PLAYGROUNDS))('%s: nothing is said under the default preset', async (name) => {
    const told: string[] = []
    const warn = console.warn
    console.warn = (...words: unknown[]) => void told.push(words.join(' '))
    try {
      await buildPlayground(name, join(work, name), { findings: {} })
    } finally {
      console.warn = warn
    }
    expect(told).toEqual([])
  })
})
