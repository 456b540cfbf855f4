import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyDirectory } from '../../src/index.ts'
import { type Browser, type Engine, engines, launch } from '../browsers/index.ts'
import { serve } from '../browsers/serve.ts'
import { readTree } from '../support/files.ts'
import { attack, type Attack, REFUSED } from './attack.ts'
import { buildExample, type BuiltExample } from './build.ts'
import { exampleFolder } from './commands.ts'
import { FRAMEWORKS } from './table.ts'
import { expectQuiet } from '../browsers/playground/walk.ts'
import { intoAttack, tour, tourFromSecond } from './tour.ts'

const INSTALL_AND_BUILD = 600_000

const browsers = new Map<Engine, Browser>()

beforeAll(async () => {
  for (const engine of engines) browsers.set(engine, await launch(engine))
})
afterAll(async () => {
  for (const browser of browsers.values()) await browser.close()
})

describe.each(FRAMEWORKS)('$name', (framework) => {
  let built: BuiltExample
  let attacks: Attack
  beforeAll(async () => {
    built = await buildExample(framework)
    attacks = attack(built.site, framework.givenUp ?? REFUSED)
    return () => rmSync(built.plain, { recursive: true, force: true })
  }, INSTALL_AND_BUILD)

  it('names no registry in its lockfile', () => {
    const lockfile = readFileSync(join(exampleFolder(framework.name), 'package-lock.json'), 'utf8')
    const resolved = [...lockfile.matchAll(/"resolved": "([^"]*)"/g)].map(([, url]) => url)
    expect(resolved).toEqual(['../..'])
  })

  it('has nothing that a browser would refuse, and nothing that is not pinned', async () => {
    expect(await verifyDirectory(built.site)).toMatchObject({ ok: true, refusals: [] })
  })

  // Each engine is a browser of its own, so the three need not wait for each other.
  it.concurrent.each(engines)('works in %s, and nothing else does', async (engine) => {
    const browser = browsers.get(engine)!
    const attackedPlain = await serve({ dir: built.plain, override: attacks.override })
    const plainVisit = await browser.visit(attackedPlain.url('/'))
    const expected = await tour(plainVisit)
    expect(await attacks.ran(plainVisit)).toEqual(['script', 'handler', 'chunk'])
    await attackedPlain.close()

    const site = await serve({ dir: built.site })
    const visit = await browser.visit(site.url('/'))
    expect(await tour(visit)).toEqual(expected)
    await expectQuiet(visit)
    const second = await browser.visit(site.url(framework.second))
    await tourFromSecond(second)
    await expectQuiet(second)
    await site.close()

    const attacked = await serve({ dir: built.site, override: attacks.override })
    const attackedVisit = await browser.visit(attacked.url('/'))
    await intoAttack(attackedVisit)
    expect(await attacks.ran(attackedVisit)).toEqual([])
    await attacked.close()
  })

  // Last, since it would put right what the first run left wrong.
  it('is the same bytes after a second run', async () => {
    const before = readTree(built.site)
    await built.again()
    const after = readTree(built.site)
    expect(Object.keys(after)).toEqual(Object.keys(before))
    expect(Object.keys(after).filter((path) => !after[path]!.equals(before[path]!))).toEqual([])
  })
})
