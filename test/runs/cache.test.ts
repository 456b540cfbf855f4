import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { type DirectoryOptions, type DirectoryResult, secureDirectory } from '../../src/directory.ts'
import { PageStore } from '../../src/directory/page-store.ts'
import type { WorkSetup } from '../../src/directory/page-work.ts'
import { DirectoryRun, walkSite } from '../../src/directory/run.ts'
import { RunMemory } from '../../src/directory/run-cache.ts'
import { resolveOptions } from '../../src/options.ts'
import { readTree, writeTree } from '../support/files.ts'
import { FAULTY_SITE, numberOf, plain } from './faulty-site.ts'
import { page, read, temporarySite } from '../directory/temporary-site.ts'

/** A page that has nothing to tell, and leads to a script without fault. */
const silent = (n: number): string =>
  page(`<title>${n}</title><script src="/assets/own.js"></script>`, `<script>own(${n})</script>`)

const SITE = {
  ...Object.fromEntries(Object.entries(FAULTY_SITE).filter(([path]) => /^(?!p)|^p(?:00|01|120)/.test(path))),
  ...Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`quiet/${numberOf(n)}.html`, silent(n)])),
  'assets/own.js': 'own',
}

const [WITH_MARK, OTHER_BYTES] = ['quiet/003.html', 'quiet/004.html']

/** What happens to a site between two runs. */
const STEPS: readonly (readonly [name: string, step: (site: string) => void])[] = [
  ['nothing yet', () => undefined],
  ['nothing', () => undefined],
  ['nothing, once more', () => undefined],
  ['a page that said nothing is made anew', (site) => writeTree(site, { [WITH_MARK]: silent(3) })],
  [
    'a page that said nothing gets something to say',
    (site) => writeTree(site, { [OTHER_BYTES]: silent(4).replace('<body>', '<body onclick="go()">') }),
  ],
  ['nothing', () => undefined],
  [
    'the page that told of a script without a name is gone',
    (site) => rmSync(join(site, 'p000'), { recursive: true }),
  ],
  ['a page that told something is made anew', (site) => writeTree(site, { 'p007/index.html': silent(7) })],
  // Its pages name another hash: nothing can be done, and nothing is remembered.
  ['a script is another', (site) => writeTree(site, { 'assets/own.js': 'own && eval(1)' })],
  ['the script is as it was', (site) => writeTree(site, { 'assets/own.js': 'own' })],
  [
    'a script has changed with all its pages',
    (site) => writeTree(site, { ...SITE, 'assets/own.js': 'fetch(1)' }),
  ],
  ['nothing', () => undefined],
  ['a file that was missing is there', (site) => writeTree(site, { 'assets/gone0.js': '0' })],
  ['there is one more page', (site) => writeTree(site, { 'quiet/more.html': silent(99) })],
  ['nothing', () => undefined],
  [
    'a compressed copy is of another page',
    (site) => writeTree(site, { 'p120/index.html.gz': gzipSync('other') }),
  ],
  [
    'the copy is right again',
    (site) => writeTree(site, { 'p120/index.html.gz': gzipSync(read(site, 'p120/index.html')) }),
  ],
  ['nothing', () => undefined],
  ['a page is no text', (site) => writeTree(site, { 'quiet/008.html': Buffer.from([0x80]) })],
  ['nothing, at the end', () => undefined],
]

const OPTIONS: readonly DirectoryOptions[] = [
  {},
  { preset: 'tight', output: ['meta', 'json'], scripts: 'dynamic' },
  { output: 'netlify', scripts: 'loader' },
  { output: 'netlify', layout: 'split' },
  { output: 'nginx', layout: 'per-page' },
  { output: 'meta', layout: 'union' },
  { findings: { 'page-encoding': 'warn' } },
]

describe('a run that remembers', () => {
  it.each(OPTIONS)('ends as one that does not: %j', async (options) => {
    const cache = join(temporarySite({}), 'cache')
    const run = async (site: string, more: DirectoryOptions): Promise<unknown> => {
      const project = join(site, '..', `project-${site.slice(-6)}`)
      mkdirSync(project, { recursive: true })
      try {
        const result = plain(await secureDirectory(site, { ...options, ...more, project, base: '/' }))
        return { result, site: readTree(site), project: readTree(project) }
      } finally {
        rmSync(project, { recursive: true })
      }
    }
    const [one, other] = [temporarySite(SITE), temporarySite(SITE)]
    for (const [name, step] of STEPS) {
      step(one)
      step(other)
      expect(await run(one, { cache }), name).toEqual(await run(other, {}))
    }
  })

  it('goes over all pages when the options are others', async () => {
    const cache = join(temporarySite({}), 'cache')
    const site = temporarySite(SITE)
    await secureDirectory(site, { cache })
    const before = read(site, WITH_MARK)
    await secureDirectory(site, { cache, scripts: 'dynamic' })
    expect(read(site, WITH_MARK)).not.toBe(before)
    await secureDirectory(site, { cache })
    expect(read(site, WITH_MARK)).toBe(before)
  })
})

interface Kept {
  pages: { record?: { summary: { policyLength: number } } }[]
}

/** Changes what is remembered so that it can be recognised in the result. */
function mark(cache: string): void {
  const kept = JSON.parse(readFileSync(cache, 'utf8').split('\n')[1]!) as Kept
  for (const { record } of kept.pages) if (record) record.summary.policyLength = MARKED
  const body = JSON.stringify(kept)
  writeFileSync(cache, `${createHash('sha256').update(body).digest('hex')}\n${body}\n`)
}

const SETUP: WorkSetup = {
  made: [],
  base: '/',
  options: { ...resolveOptions({}), outputs: [] },
  metas: 'own',
  dryRun: false,
  remembers: true,
}

const MARKED = 4242

/** The pages of a result that nobody has looked into. */
const skipped = ({ pages }: DirectoryResult): string[] =>
  pages.filter(({ summary }) => summary.policyLength === MARKED).map(({ path }) => path)

/** A site of which the first page tells of its script, and the others tell nothing. */
const SMALL = Object.fromEntries([0, 1, 2, 3, 4].map((n) => [`${n}.html`, silent(n)]))

describe('a run that remembers skips', () => {
  const remembered = async (
    options: DirectoryOptions = {},
    more: Readonly<Record<string, Uint8Array>> = {},
  ): Promise<{ site: string; cache: string; again: () => Promise<string[]> }> => {
    const site = temporarySite({ ...SMALL, 'assets/own.js': 'own', 'other.txt': '', ...more })
    const cache = join(temporarySite({}), 'deep/cache')
    await secureDirectory(site, { ...options, cache })
    mark(cache)
    const again = async (): Promise<string[]> => {
      const result = await secureDirectory(site, { ...options, cache })
      mark(cache)
      return skipped(result)
    }
    return { site, cache, again }
  }

  it('the pages that said nothing, and then the others too', async () => {
    const { again } = await remembered()
    expect(await again()).toEqual(['1.html', '2.html', '3.html', '4.html'])
    expect(await again()).toEqual(['0.html', '1.html', '2.html', '3.html', '4.html'])
  })

  it('all but the page that is another', async () => {
    const { site, again } = await remembered()
    writeTree(site, { '2.html': silent(22) })
    expect(await again()).toEqual(['1.html', '3.html', '4.html'])
    expect(await again()).toEqual(['0.html', '1.html', '2.html', '3.html', '4.html'])
  })

  it.each([
    [
      'a page that had something to tell is another',
      (site: string) => writeTree(site, { '0.html': silent(7) }),
    ],
    ['a file that pages lead to is another', (site: string) => writeTree(site, { 'assets/own.js': 'o' })],
    ['there is one more file', (site: string) => writeTree(site, { 'more.txt': '' })],
    ['there is one file less', (site: string) => rmSync(join(site, 'other.txt'))],
  ])('none where %s', async (_, change) => {
    for (const runs of [0, 1, 2]) {
      const { site, again } = await remembered()
      for (let run = 0; run < runs; run++) expect(await again()).not.toEqual([])
      change(site)
      expect(await again()).toEqual([])
    }
  })

  it('beside a compressed copy that the run has renewed', async () => {
    const { again } = await remembered({}, { '2.html.gz': gzipSync(silent(2)) })
    expect(await again()).toEqual(['1.html', '3.html', '4.html'])
    expect(await again()).toEqual(['0.html', '1.html', '2.html', '3.html', '4.html'])
  })

  it('beside a file that the run itself has made', async () => {
    const { again } = await remembered({ output: 'netlify' })
    expect(await again()).toEqual(['1.html', '2.html', '3.html', '4.html'])
  })

  it('none where the memory was cut off, changed, or is none', async () => {
    const { cache, again } = await remembered()
    const whole = readFileSync(cache, 'utf8')
    for (const spoilt of [whole.slice(0, -9), whole.replace('4242', '4243'), '', '{}', 'x\n{}']) {
      writeFileSync(cache, spoilt)
      expect(await again(), spoilt.slice(0, 20)).toEqual([])
    }
    rmSync(cache)
    expect(await again()).toEqual([])
  })

  it('and says where things stand in them all the same', async () => {
    const { site, again } = await remembered()
    await again()
    const cache = join(temporarySite({}), 'cache')
    await secureDirectory(site, { cache })
    const known = await secureDirectory(site, { cache })
    const html = read(site, '3.html')
    const inline = known.pages[3]!.policies.flatMap(({ directives }) =>
      [...directives.values()].flat().flatMap(({ reason }) => (reason.kind === 'inline' ? [reason] : [])),
    )
    expect(inline.map(({ span }) => html.slice(span.start, span.end))).toContain('<script>own(3)</script>')
  })
})

it('a place inside the site is refused, and nothing has changed', async () => {
  const site = temporarySite(SMALL)
  const run = secureDirectory(site, { cache: join(site, 'assets/cache') })
  await expect(run).rejects.toMatchObject({ code: 'unwritable', message: expect.stringMatching(/published/) })
  expect(read(site, '0.html')).toBe(SMALL['0.html'])
})

it('a file that changes while pages are worked on is not remembered', async () => {
  const site = temporarySite({ ...SITE, ...SMALL })
  const cache = join(temporarySite({}), 'cache')
  let runs = 0
  const onProgress = (): void => {
    if (runs++ === 0) rmSync(join(site, '0.html'))
  }
  await expect(secureDirectory(site, { cache, onProgress })).rejects.toMatchObject({
    code: 'changed-meanwhile',
  })
  expect(existsSync(cache)).toBe(false)
})

it('a page on which others depend is looked at again', async () => {
  const site = temporarySite({ ...SMALL, 'assets/own.js': 'own' })
  const cache = join(temporarySite({}), 'cache')
  await secureDirectory(site, { cache, base: '/' })
  const settings = {
    base: '/',
    out: undefined,
    project: site,
    dryRun: false,
    threads: 1,
    cache,
    signal: undefined,
    onProgress: undefined,
    onChange: undefined,
  }
  const run = await DirectoryRun.of(walkSite(site), resolveOptions({}), settings)
  writeTree(site, { '0.html': silent(7) })
  await expect(run.go()).rejects.toMatchObject({ code: 'changed-meanwhile', path: '0.html' })
})

it('a file that was one thing to one page and another to the next is not remembered', () => {
  const site = temporarySite(SMALL)
  const cache = join(temporarySite({}), 'cache')
  const { files, pages } = walkSite(site)
  for (const digests of [['sha256-a', 'sha256-a'] as const, ['sha256-a', 'sha256-b'] as const]) {
    rmSync(cache, { force: true })
    const memory = new RunMemory({ file: cache, listing: files, pages, setup: SETUP })
    for (const digest of digests) memory.note([], [['assets/own.js', digest]])
    memory.save({ store: new PageStore(pages, () => []), news: [], added: [] })
    expect(existsSync(cache)).toBe(digests[0] === digests[1])
  }
})

it('a dry run remembers nothing', async () => {
  const cache = join(temporarySite({}), 'cache')
  await secureDirectory(temporarySite(SMALL), { cache, dryRun: true })
  expect(existsSync(cache)).toBe(false)
})

it('a place that cannot be written is told, and the site is done', async () => {
  const site = temporarySite({ ...SMALL, 'assets/own.js': 'own' })
  const cache = join(temporarySite({ file: '' }), 'file/cache')
  const run = secureDirectory(site, { cache })
  await expect(run).rejects.toMatchObject({
    code: 'unwritable',
    message: expect.stringMatching(/^The site is done, /),
  })
  expect(read(site, '0.html')).toContain('Content-Security-Policy')
})
