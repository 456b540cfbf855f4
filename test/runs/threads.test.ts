import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DirectoryOptions, DirectoryResult } from '../../src/directory.ts'
import type { DirectoryRun } from '../../src/directory/run.ts'
import type { walkSite } from '../../src/files/walk.ts'
import type { resolveOptions } from '../../src/options.ts'
import { makeDirectory, readTree } from '../support/files.ts'
import { compileCommand } from '../support/command.ts'
import { FAULTY_SITE as files, numberOf as number, plain } from './faulty-site.ts'
import { page, temporarySite } from '../directory/temporary-site.ts'

interface Compiled {
  readonly secureDirectory: (directory: string, options: DirectoryOptions) => Promise<DirectoryResult>
  readonly DirectoryRun: typeof DirectoryRun
  readonly resolveOptions: typeof resolveOptions
  readonly walkSite: typeof walkSite
}

let folder: string
let compiled: Compiled

beforeAll(async () => {
  folder = makeDirectory('threads')
  const outDir = dirname(compileCommand(folder))
  compiled = {
    ...(await import(join(outDir, 'directory.js'))),
    ...(await import(join(outDir, 'options.js'))),
    ...(await import(join(outDir, 'directory/run.js'))),
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs something and counts the threads that it starts. */
async function threadsOf<Result>(run: () => Promise<Result>): Promise<[Result, number]> {
  let count = 0
  const counted = (): void => void count++
  process.on('worker', counted)
  try {
    return [await run(), count]
  } finally {
    process.off('worker', counted)
  }
}

const OPTIONS: readonly DirectoryOptions[] = [
  {},
  { preset: 'tight', output: ['meta', 'json'], scripts: 'dynamic' },
  { output: 'netlify' },
  { output: 'netlify', layout: 'split' },
  { output: 'nginx', layout: 'per-page' },
]

describe('however many threads work on the pages', () => {
  it.each(OPTIONS)('the result is the same: %j', async (options) => {
    const one = temporarySite(files)
    const project = temporarySite({})
    const run = (site: string, threads: number): Promise<DirectoryResult> =>
      compiled.secureDirectory(site, { ...options, threads, project })
    const [expected, none] = await threadsOf(() => run(one, 1))
    expect(none).toBe(0)
    expect(expected.findings.length).toBeGreaterThan(5)
    for (const threads of [2, 4]) {
      const site = temporarySite(files)
      rmSync(project, { recursive: true, force: true })
      const [result, started] = await threadsOf(() => run(site, threads))
      expect(started).toBe(threads - 1)
      expect(plain(result)).toEqual(plain(expected))
      expect(readTree(site)).toEqual(readTree(one))
      const again = await run(site, threads)
      expect(again.pages.filter(({ changed }) => changed)).toEqual([])
    }
  })

  it('what a run remembers is the same', async () => {
    const [one, other] = [temporarySite(files), temporarySite(files)]
    const cache = join(temporarySite({}), 'cache')
    for (const threads of [3, 2, 1, 4]) {
      const [result, started] = await threadsOf(() =>
        compiled.secureDirectory(one, { threads, cache, base: '/' }),
      )
      expect(started).toBe(threads - 1)
      const expected = await compiled.secureDirectory(other, { threads: 1, base: '/' })
      expect(plain(result)).toEqual(plain(expected))
      expect(readTree(one)).toEqual(readTree(other))
    }
    expect(readFileSync(cache, 'utf8')).toContain('"record"')
  })

  it('a copy is the same', async () => {
    const site = temporarySite(files)
    const trees = []
    for (const threads of [1, 3]) {
      const out = join(temporarySite({}), 'copy')
      await compiled.secureDirectory(site, { threads, out })
      trees.push(readTree(out))
    }
    expect(Object.keys(trees[0] ?? {}).toSorted()).toEqual(Object.keys(files).toSorted())
    expect(trees[1]).toEqual(trees[0])
    expect(readTree(site)['p000/index.html']?.toString()).toBe(files['p000/index.html'])
  })

  it('a page in the middle that is no UTF-8 stops the run, and nothing has changed', async () => {
    const latin1 = Buffer.from(page('<title>caf\xE9</title>'), 'latin1')
    const told = []
    for (const threads of [1, 2, 4]) {
      const site = temporarySite({ ...files, 'p117/index.html': latin1, 'p203/index.html': latin1 })
      const tree = readTree(site)
      const result = await compiled.secureDirectory(site, { threads })
      expect(result.written).toBe(false)
      expect(readTree(site)).toEqual(tree)
      told.push(plain(result))
    }
    expect(told[1]).toEqual(told[0])
    expect(told[2]).toEqual(told[0])
  })

  it('the first page that cannot be read is the one that is told, and nothing has changed', async () => {
    const messages = []
    for (const threads of [1, 2, 4]) {
      const site = temporarySite(files)
      const found = compiled.walkSite(site)
      for (const n of [118, 119, 201]) rmSync(join(site, `p${number(n)}/index.html`))
      const tree = readTree(site)
      const settings = {
        base: '/',
        out: undefined,
        project: site,
        dryRun: false,
        threads,
        signal: undefined,
        cache: undefined,
        onProgress: undefined,
        onChange: undefined,
      }
      const run = compiled.DirectoryRun.of(found, compiled.resolveOptions({}), settings).then((one) =>
        one.go(),
      )
      messages.push(await run.then(String, ({ code, message }) => `${code}: ${message}`))
      expect(readTree(site)).toEqual(tree)
    }
    expect(messages[0]).toMatch(/^unreadable: p118\/index\.html /)
    expect(new Set(messages).size).toBe(1)
  })

  it('the first page that cannot be written is the one that is told, and nothing has changed', async () => {
    const messages = []
    for (const threads of [1, 2, 4]) {
      const site = temporarySite(files)
      // Where the new page would be written before it is put in place.
      for (const n of [90, 91, 180])
        mkdirSync(join(site, `p${number(n)}/.index.html.${process.pid}.csp-hashes`))
      const tree = readTree(site)
      const run = compiled.secureDirectory(site, { threads })
      messages.push(await run.then(String, ({ code, message }) => `${code}: ${message.replaceAll(site, '')}`))
      expect(readTree(site)).toEqual(tree)
    }
    expect(messages[0]).toMatch(/^unwritable: p090\/index\.html /)
    expect(new Set(messages).size).toBe(1)
  })

  it('a run that is stopped has changed nothing', async () => {
    const site = temporarySite(files)
    const tree = readTree(site)
    const controller = new AbortController()
    const options = { threads: 2, signal: controller.signal, onProgress: () => controller.abort() }
    await expect(compiled.secureDirectory(site, options)).rejects.toMatchObject({ code: 'aborted' })
    expect(readTree(site)).toEqual(tree)
  })
})

it('a small site is not worth a thread', async () => {
  const site = temporarySite(files)
  const [, started] = await threadsOf(() => compiled.secureDirectory(site, {}))
  expect(started).toBe(0)
})

it('a page that another program writes meanwhile stops the run', async () => {
  const site = temporarySite(files)
  const found = compiled.walkSite(site)
  const tree = readTree(site)
  let told = false
  const settings = {
    base: '/',
    out: undefined,
    project: site,
    dryRun: false,
    threads: 2,
    signal: undefined,
    cache: undefined,
    onProgress: () => {
      // All pages have been read by then.
      if (!told) rmSync(join(site, 'p001/index.html'))
      told = true
    },
    onChange: undefined,
  }
  const run = compiled.DirectoryRun.of(found, compiled.resolveOptions({}), settings).then((one) => one.go())
  await expect(run).rejects.toMatchObject({ code: 'changed-meanwhile', path: 'p001/index.html' })
  delete tree['p001/index.html']
  expect(readTree(site)).toEqual(tree)
})
