import type { Browser } from '../browsers/index.ts'
import type { Scene } from './scene.ts'
import type { Shape } from './shapes.ts'
import type { Vector } from './vector.ts'

/** So many attacked pages are open at once. */
const BATCH = 40

/**
 * What has not run so long after the visitor's last act has not run. It is long enough in every engine for what
 * runs without a policy, which is measured in the same way.
 */
const PATIENCE_MS = 700

export interface Measured {
  /** Ids of the vectors that executed. */
  readonly executed: ReadonlySet<string>
  /** Ids of the vectors beside which the app did not come to work. */
  readonly broken: ReadonlySet<string>
}

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

/** Opens every attacked page of a scene, does what the vectors ask of a visitor, and collects what executed. */
export async function measure(
  browser: Browser,
  scene: Scene,
  vectors: readonly Vector[],
): Promise<Measured> {
  const executed = new Set<string>()
  const broken = new Set<string>()
  for (const batch of batches(vectors)) {
    const visit = await browser.visit(scene.gallery(batch))
    const awaited = batch.filter((vector) => comesToWork(vector, scene.shape)).map((vector) => vector.id)
    const stillBroken = `broken().filter((id) => ${JSON.stringify(awaited)}.includes(id))`
    // An app that never works is told by the test, with the id of its vector.
    await visit.waitFor(`${stillBroken}.length === 0`, 5000).catch(() => undefined)
    for (const id of await visit.evaluate<string[]>('broken()')) broken.add(id)
    const failed = await visit.evaluate<Record<string, string>>('act()')
    if (Object.keys(failed).length > 0) throw new Error(`Acts failed: ${JSON.stringify(failed)}`)
    await new Promise((next) => setTimeout(next, PATIENCE_MS))
    for (const id of await visit.evaluate<string[]>('Object.keys(ran)')) executed.add(id)
    // Else its forty apps would run on beside those of the next visits.
    await visit.evaluate('void setTimeout(() => location.replace("about:blank"))')
  }
  return { executed, broken }
}
