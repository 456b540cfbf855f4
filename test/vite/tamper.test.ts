import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, engines, launch } from '../browsers/index.ts'
import { type Served, serve } from '../browsers/serve.ts'
import { makeDirectory, readTree } from '../support/files.ts'
import { buildFixture } from './build.ts'
import { type Fixture, FIXTURES, SHAPES, type Shape } from './fixtures.ts'
import { openAll, serveHub } from './hub.ts'
import { TOOLCHAINS } from './majors.ts'
import { shows, type Target, targetsIn, withSecond } from './tampering.ts'

const toolchain = TOOLCHAINS.at(-1)!
const TAMPERED = FIXTURES.filter(({ majors }) => majors?.includes(toolchain.major) ?? true).map(withSecond)
/** Stands for the address of a server that is not there yet. */
const NO_CDN = 'https://cdn.example/'

/** One build, served with one thing in it changed. */
interface Case {
  readonly shape: Shape | 'none'
  readonly target: Target
  readonly served: Served
}

const name = ({ shape, target }: Case) => `${shape}: ${target.name}`
const wasAsked = ({ target, served }: Case) => {
  const mount = new URL(served.url('')).pathname
  return served.requests.some((path) => target.isFile(path.slice(mount.length)))
}

describe('a file or an inline script that is changed after the build', () => {
  const directory = makeDirectory('tamper')
  const cases = new Map<Fixture, Case[]>()
  let hub: Served

  async function build(fixture: Fixture, shape: Case['shape'], root: string, cdn: string) {
    const options = shape === 'none' ? undefined : { scripts: shape }
    const { dist } = await buildFixture({ toolchain, fixture, root, cdn, options })
    return readTree(dist)
  }

  async function makeCases(fixture: Fixture, shape: Case['shape'], root: string): Promise<Case[]> {
    const files = await build(fixture, shape, root, NO_CDN)
    const isForeign = Object.values(files).some((bytes) => bytes.includes(NO_CDN))
    const made: Case[] = []
    for (const [index, target] of targetsIn(files, fixture).entries()) {
      // A page whose scripts are on another origin names that origin, so each server has a build of its own.
      const own = isForeign ? join(root, String(index)) : root
      const override = (file: string, bytes: Buffer) =>
        target.isFile(file) ? target.change(bytes) : undefined
      const served = await serve({
        dir: join(own, 'dist'),
        override,
        cors: true,
        base: fixture.mount ?? '/',
      })
      if (isForeign) await build(fixture, shape, own, served.url(''))
      made.push({ shape, target, served })
    }
    return made
  }

  beforeAll(async () => {
    hub = await serveHub(directory)
    for (const [index, fixture] of TAMPERED.entries()) {
      const made: Case[] = []
      for (const shape of [...SHAPES, 'none'] as const)
        made.push(...(await makeCases(fixture, shape, join(directory, `${shape}-${index}`))))
      cases.set(fixture, made)
    }
  }, 300_000)
  afterAll(async () => {
    await Promise.all(
      [hub, ...[...cases.values()].flat().map(({ served }) => served)].map((one) => one.close()),
    )
    rmSync(directory, { recursive: true, force: true })
  })

  describe.each(engines)('%s', (engine) => {
    let browser: Browser
    beforeAll(async () => void (browser = await launch(engine)))
    afterAll(() => browser?.close())

    it.each(TAMPERED)('does not run and does not apply: $name', async (fixture) => {
      const all = cases.get(fixture)!
      for (const { served } of all) served.requests.length = 0
      const unasked = () => all.filter((one) => !wasAsked(one))
      const { told } = await openAll(
        browser,
        hub,
        all.map(({ served, target, shape }) => ({
          url: served.url(target.page),
          awaited: shape === 'none' ? [target.effect] : target.tells ? ['inline'] : [],
        })),
        { timeoutMs: 60_000, isOver: () => unasked().length === 0 },
      )
      expect(unasked().map(name), 'never asked for').toEqual([])
      const control = all.filter(({ shape }) => shape === 'none')
      const effective = all.filter(({ target }, index) => shows(told[index]!, target))
      expect(effective.map(name), 'takes effect without the plugin, and only there').toEqual(
        control.map(name),
      )
      for (const shape of SHAPES) {
        const own = all.filter((one) => one.shape === shape)
        expect(own.map(({ target }) => target.name)).toEqual(
          expect.arrayContaining(control.map(({ target }) => target.name)),
        )
      }
    })
  })
})
