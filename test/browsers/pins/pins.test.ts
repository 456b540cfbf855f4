import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeDirectory, readTree } from '../../support/files.ts'
import { checkDocs, readDocs } from '../../support/measured-docs.ts'
import { type Browser, type Engine, engines, launch, type Visit } from '../index.ts'
import { serve, type Served } from '../serve.ts'
import { buildApp, type Kind, KINDS, WAYS, WIDTH } from './app.ts'

const root = makeDirectory('pins')
const dir = join(root, 'dist')
const CALL = Buffer.from(`\n;fetch('/changed')`)
/** All that the changed chunk does is to tell, so that it is a classic script as well. */
const LAZY: Kind = { what: 'lazy', file: /^assets\/lazy\.js$/, change: () => CALL, pinned: true }

/** Rows whose change took effect, by engine. */
const seen = new Map<Engine, Set<string>>()
const ALL: readonly Engine[] = ['chromium', 'firefox', 'webkit']
const LETTERS: Record<Engine, string> = { chromium: 'C', firefox: 'F', webkit: 'W' }

beforeAll(() => buildApp(root, dir))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const change = ({ change = (bytes) => Buffer.concat([bytes, CALL]) }: Kind, bytes: Buffer): Buffer =>
  change(bytes)

describe.each(engines)('%s', (engine) => {
  let browser: Browser
  let width: number
  const took = new Set<string>()
  seen.set(engine, took)

  /** Opens the page with one file changed and looks for the effect. */
  async function open(kind: Kind | undefined, then?: (visit: Visit) => Promise<void>): Promise<boolean> {
    const served: Served = await serve({
      dir,
      override: (path, bytes) => (kind?.file.test(path) ? change(kind, bytes) : undefined),
    })
    try {
      const visit = await browser.visit(served.url('/'))
      // Without its entry the page tells nothing.
      await visit.waitFor(`document.body.dataset.done || typeof ways === 'undefined'`)
      await then?.(visit)
      // A round trip later than the last answer, what the answers could do has been done.
      await visit.evaluate(`fetch('/data.json').then(() => new Promise((done) => setTimeout(done, 500)))`)
      if (!kind) width = await visit.evaluate<number>(WIDTH)
      const effect = kind?.took?.replace('WIDTH_BEFORE', String(width))
      return effect ? await visit.evaluate<boolean>(effect) : served.requests.includes('/changed')
    } finally {
      await served.close()
    }
  }

  beforeAll(async () => {
    browser = await launch(engine)
    expect(await open(undefined)).toBe(false)
  })
  afterAll(() => browser.close())

  it.each(KINDS)('$what', async (kind) => {
    expect(Object.keys(readTree(dir)).filter((path) => kind.file.test(path))).toHaveLength(1)
    const changed = await open(kind)
    if (changed) took.add(kind.what)
    expect(changed).toBe(!kind.pinned)
  })

  it.each(Object.entries(WAYS))('a changed chunk once more: %s', async (id, [what]) => {
    const press = async (visit: Visit): Promise<void> => {
      await visit.click(`#${id}`)
      // No event tells that nothing comes.
      await new Promise((next) => setTimeout(next, 500))
    }
    if (await open(LAZY, press)) took.add(what)
  })
})

const told = (row: string): string =>
  readDocs()
    .split('\n')
    .find((line) => line.startsWith(`| ${row} |`))
    ?.split('|')[2] ?? ''

function cell(row: string): string {
  const runs = ALL.filter((engine) =>
    engines.includes(engine) ? seen.get(engine)?.has(row) : told(row).includes(LETTERS[engine]),
  )
  return runs.map((engine) => LETTERS[engine]).join('') || '·'
}

const table = (heading: string, rows: readonly string[]): string =>
  [`| ${heading} | takes effect |`, '| --- | --- |', ...rows.map((row) => `| ${row} | ${cell(row)} |`)].join(
    '\n',
  )

it('has the tables of the docs', () => {
  checkDocs({
    pins: table(
      'changed file',
      KINDS.map(({ what }) => what),
    ),
    again: table(
      'a changed chunk',
      Object.values(WAYS).map(([what]) => what),
    ),
  })
})
