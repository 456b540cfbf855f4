import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Everywhere, serveEverywhere } from '../browsers/everywhere.ts'
import { type Engine, engines, launch } from '../browsers/index.ts'
import { comesToWork, measure, type Measured, runsUnprotected } from './measure.ts'
import { type Evil, EVIL_HOST, makeScene, type Scene, serveEvil } from './scene.ts'
import { ATTACKED, CONTROL, type Shape } from './shapes.ts'
import { checkTables } from './tables.ts'
import { vectors } from './vectors.ts'

const results = new Map<Engine, Map<Shape, Measured>>()
const measured = (engine: Engine, shape: Shape): Measured => results.get(engine)!.get(shape)!
const idsOf = (chosen: readonly { readonly id: string }[]): string[] => chosen.map(({ id }) => id).toSorted()

let evil: Evil
let everywhere: Everywhere
const scenes: Scene[] = []

async function attack(engine: Engine): Promise<void> {
  const browser = await launch(engine, { proxy: everywhere.proxy })
  try {
    const byShape = new Map<Shape, Measured>()
    results.set(engine, byShape)
    for (const scene of scenes)
      byShape.set(scene.shape, await measure(browser, scene, vectors, byShape.get(CONTROL)))
  } finally {
    await browser.close()
  }
}

beforeAll(async () => {
  evil = await serveEvil(vectors)
  for (const shape of ATTACKED) scenes.push(await makeScene(shape, vectors, evil))
  everywhere = await serveEverywhere({
    [EVIL_HOST]: evil.origin,
    ...Object.fromEntries(scenes.map(({ host }) => host)),
  })
  // Two at a time: a browser that waits for its turn too long takes a page for lost.
  const waiting = engines.toReversed()
  const lane = async (): Promise<void> => {
    for (let engine = waiting.shift(); engine; engine = waiting.shift()) await attack(engine)
  }
  await Promise.all([lane(), lane()])
}, 1_200_000)

afterAll(async () => {
  await everywhere?.close()
  for (const scene of scenes) await scene.close()
  await evil?.close()
})

describe.each(engines)('%s', (engine) => {
  it('runs each vector where there is no policy, but for the guards', () => {
    const expected = vectors.filter((vector) => runsUnprotected(vector, engine))
    expect([...measured(engine, CONTROL).executed].toSorted()).toEqual(idsOf(expected))
  })

  it.each(ATTACKED.filter(({ zero }) => zero))('runs nothing under $name', (shape) => {
    const { executed } = measured(engine, shape)
    expect(idsOf(vectors.filter(({ id, limit }) => executed.has(id) && limit === undefined))).toEqual([])
  })

  it.each(ATTACKED)('lets the app work under $name', (shape) => {
    const { broken } = measured(engine, shape)
    const mustWork = vectors.filter((vector) => comesToWork(vector, shape))
    expect(idsOf(mustWork.filter(({ id }) => broken.has(id)))).toEqual([])
  })
})

it('has the tables of the docs', () => {
  checkTables(results)
})
