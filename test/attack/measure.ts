import type { Browser, Engine } from '../browsers/index.ts'
import type { Scene } from './scene.ts'
import type { Shape } from './shapes.ts'
import type { Vector } from './vector.ts'

/** So many attacked pages are open at once. */
const BATCH = 30

/** An app that takes longer than this does not work. */
const WORKS_MS = 15_000

/** The least time after the visitor's last act in which an attack may still come to run. */
const PATIENCE_MS = 500

/** A vector that needs longer than this without a policy does not run. */
const CONTROL_MS = 10_000

export interface Measured {
  /** Ids of the vectors that executed. */
  readonly executed: ReadonlySet<string>
  /** Ids of the vectors beside which the app did not come to work. */
  readonly broken: ReadonlySet<string>
  /** How long each batch of pages was watched. */
  readonly patience: readonly number[]
}

export const runsUnprotected = ({ control }: Vector, engine: Engine): boolean =>
  control === undefined || control.includes(engine)

/** Whether the app must work beside a vector, whatever that does. */
export const comesToWork = ({ at, breaks }: Vector, shape: Shape): boolean =>
  breaks === undefined ? shape.zero || at !== 'head' : breaks === 'success' && shape.zero

function batches(vectors: readonly Vector[]): Vector[][] {
  const together = vectors.filter((vector) => !vector.alone)
  const result = vectors.filter((vector) => vector.alone).map((vector) => [vector])
  for (let start = 0; start < together.length; start += BATCH)
    result.push(together.slice(start, start + BATCH))
  return result
}

/**
 * Opens every attacked page of a scene, does what the vectors ask of a visitor, and collects what executed.
 *
 * That nothing runs cannot be waited for. Without a policy all that can run is waited for; with one, each batch is
 * watched for twice the time that it took then.
 */
export async function measure(
  browser: Browser,
  scene: Scene,
  vectors: readonly Vector[],
  control: Measured | undefined,
): Promise<Measured> {
  const executed = new Set<string>()
  const broken = new Set<string>()
  const patience: number[] = []
  for (const [index, batch] of batches(vectors).entries()) {
    const visit = await browser.visit(scene.gallery(batch, browser.engine))
    const awaited = batch.filter((vector) => comesToWork(vector, scene.shape)).map(({ id }) => id)
    const stillBroken = `broken().filter((id) => ${JSON.stringify(awaited)}.includes(id))`
    // An app that never works is told by the test, with the id of its vector.
    await visit.waitFor(`${stillBroken}.length === 0`, WORKS_MS).catch(() => undefined)
    for (const id of await visit.evaluate<string[]>('broken()')) broken.add(id)
    const failed = await visit.evaluate<Record<string, string>>('act()')
    if (Object.keys(failed).length > 0) throw new Error(`Acts failed: ${JSON.stringify(failed)}`)
    const acted = Date.now()
    if (control === undefined) {
      const all = batch.filter((vector) => runsUnprotected(vector, browser.engine)).map(({ id }) => id)
      await visit
        .waitFor(`${JSON.stringify(all)}.every((id) => id in ran)`, CONTROL_MS)
        .catch(() => undefined)
    }
    patience.push(Math.max(PATIENCE_MS, 2 * (Date.now() - acted)))
    await new Promise((next) => setTimeout(next, control?.patience[index] ?? PATIENCE_MS))
    for (const id of await visit.evaluate<string[]>('Object.keys(ran)')) executed.add(id)
    // Else its apps would run on beside those of the next visits.
    await visit.evaluate('void setTimeout(() => location.replace("about:blank"))')
  }
  return { executed, broken, patience }
}
