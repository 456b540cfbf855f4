import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type Browser, engines, launch } from '../index.ts'
import { serve, type Served } from '../serve.ts'
import { buildPlayground, PLAYGROUNDS } from '../playground/apps.ts'
import { expectQuiet, walk } from '../playground/walk.ts'
import { makeDirectory } from '../../support/files.ts'

const PRESETS = ['basic', 'tight'] as const
const cases = Object.entries(PLAYGROUNDS).flatMap(([name, { pages }]) =>
  PRESETS.map((preset) => ({ name, pages, preset })),
)

const work = makeDirectory('presets')
const served = new Map<string, Served>()

beforeAll(async () => {
  for (const { name, preset } of cases) {
    const dir = join(work, `${name}-${preset}`)
    await buildPlayground(name, dir, { preset })
    served.set(`${name} ${preset}`, await serve({ dir, fallback: 'index.html' }))
  }
})

afterAll(async () => {
  for (const one of served.values()) await one.close()
  rmSync(work, { recursive: true, force: true })
})

describe.each(engines)('%s', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch(engine)
  })
  afterAll(() => browser.close())

  it.each(cases)('walks through $name under $preset without a violation', async ({ name, preset, pages }) => {
    const site = served.get(`${name} ${preset}`)!
    for (const page of pages) await expectQuiet(await walk(browser, site, page))
  })
})
