import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { secureDirectory } from '../../../src/directory.ts'
import { cspHashes, type Options } from '../../../src/index.ts'
import { messagesText } from '../../../src/summary.ts'
import { optionText } from '../../../src/core/findings/option.ts'
import { writeTree } from '../../support/files.ts'
import { collectingLogger } from '../../support/logger.ts'
import { CASES, type Case } from './cases.ts'
import { launchChromium, openSite } from './open.ts'

/** Codes that are no matter of these cases: what is pinned has no hash in its name. */
const BESIDE: ReadonlySet<string> = new Set(['name-without-hash'])

let browser: Browser
let root: string

beforeAll(async () => {
  browser = await launchChromium()
  root = mkdtempSync(join(tmpdir(), 'csp-hashes-silence-'))
})
afterAll(async () => {
  await browser.close()
  rmSync(root, { recursive: true, force: true })
})

interface Made {
  readonly dist: string
  readonly text: string
  readonly codes: readonly string[]
  /** By Vite, with something to tell. */
  readonly built: boolean
}

const codesOf = (text: string): string[] =>
  [...new Set([...text.matchAll(/\[([a-z]+(?:-[a-z]+)+)\]/g)].map(([, code]) => code!))].filter(
    (code) => !BESIDE.has(code) && code !== 'vite-plugin-csp-hashes',
  )

async function make(one: Case, options: Options, place: string): Promise<Made> {
  const directory = join(root, place)
  writeTree(
    directory,
    Object.fromEntries(Object.entries(one.files).map(([path, text]) => [path, Buffer.from(text)])),
  )
  if (!one.config) {
    const { findings } = await secureDirectory(directory, { ...options, base: '/' })
    const text = messagesText(findings, { door: 'plugin', verbose: true })
    return { dist: directory, text, codes: codesOf(text), built: false }
  }
  const { logger, warnings } = collectingLogger()
  const failed = await build({
    ...one.config,
    root: directory,
    configFile: false,
    customLogger: logger,
    logLevel: 'warn',
    plugins: [cspHashes(options)],
  }).then(
    () => '',
    (error: unknown) => String(error),
  )
  const text = [...warnings.filter((line) => line.includes('vite-plugin-csp-hashes')), failed].join('\n')
  const codes = codesOf(text)
  return { dist: join(directory, 'dist'), text, codes, built: failed === '' && codes.length > 0 }
}

describe.each(CASES.map((one, index) => [one.name, one, String(index)] as const))('%s', (_, one, place) => {
  it('is told with what to write, and once that is written runs without a word and without a violation', async () => {
    const first = await make(one, { ...one.options }, place)
    expect(first.codes).toEqual(one.told)
    if (one.remedy) expect(first.text).toContain(optionText({ ...one.remedy }))
    // What is told is true: without the remedy, the browser refuses something.
    if (first.built) expect((await openSite(browser, first.dist, one.answers)).violations).not.toEqual([])
    const second = one.remedy ? await make(one, { ...one.options, ...one.remedy }, `${place}-obeyed`) : first
    expect(second.codes).toEqual([])
    const { text, ran, violations } = await openSite(browser, second.dist, one.answers)
    expect(violations).toEqual([])
    if (one.text !== undefined) expect(text).toContain(one.text)
    expect([...ran].toSorted()).toEqual([...(one.ran ?? [])].toSorted())
  })
})
