import { type Engine, engines } from '../browsers/index.ts'
import { checkDocs, readDocs } from '../support/measured-docs.ts'
import type { Measured } from './measure.ts'
import { ATTACKED, type Shape, SHAPES } from './shapes.ts'
import { isSink } from './sinks.ts'
import type { Vector } from './vector.ts'
import { vectors } from './vectors.ts'

export type Results = ReadonlyMap<Engine, ReadonlyMap<Shape, Measured>>

/** Whether a vector executed. */
type Executed = (vector: Vector, shape: Shape, engine: Engine) => boolean

const LETTERS: Record<Engine, string> = { chromium: 'C', firefox: 'F', webkit: 'W' }
const ALL: readonly Engine[] = ['chromium', 'firefox', 'webkit']
const NAMES: Record<Engine, string> = { chromium: 'Chromium', firefox: 'Firefox', webkit: 'WebKitGTK' }
const NOWHERE = '·'

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

const heading = (first: readonly string[]): string[] => [
  row([...first, ...SHAPES.map(({ name }) => name)]),
  row([...first, ...SHAPES].map(() => '---')),
]

function counts(executed: Executed, chosen: readonly Vector[]): string {
  const lines = ALL.map((engine) => {
    const numbers = SHAPES.map((shape) => chosen.filter((vector) => executed(vector, shape, engine)).length)
    return row([NAMES[engine], ...numbers.map(String)])
  })
  return [...heading([`of ${chosen.length}`]), ...lines].join('\n')
}

function matrix(executed: Executed, chosen: readonly Vector[]): string {
  const lines = chosen.map((vector) => {
    const { id, what, at } = vector
    const where = isSink(at) ? `sink \`${at}\`` : at.replace('-', ' ')
    const cells = SHAPES.map((shape) => {
      const letters = ALL.filter((engine) => executed(vector, shape, engine)).map((engine) => LETTERS[engine])
      return letters.join('') || NOWHERE
    })
    return row([id, what, where, ...cells])
  })
  return [...heading(['id', 'vector', 'where']), ...lines].join('\n')
}

const isGuard = ({ control }: Vector): boolean => control?.length === 0

/** The docs' tables, by the name in their markers. */
function tables(executed: Executed): Record<string, string> {
  const attacks = vectors.filter((vector) => vector.limit === undefined && !isGuard(vector))
  const guards = vectors.filter(isGuard)
  return {
    counts: counts(executed, attacks),
    limits: matrix(
      executed,
      vectors.filter(({ limit }) => limit !== undefined),
    ),
    attacks: matrix(executed, attacks),
    guards: guards.map(({ id, what }) => `- ${id}: ${what}`).join('\n'),
  }
}

/** What the docs say, for engines and shapes that are not driven in this run. */
function committed(docs: string): Executed {
  const ids = new Set(vectors.map(({ id }) => id))
  const letters = new Map<string, string>()
  let columns: string[] = []
  for (const line of docs.split('\n')) {
    const cells = line.split('|').map((cell) => cell.trim())
    if (cells[1] === 'id') columns = cells
    else if (ids.has(cells[1] ?? ''))
      for (const [index, cell] of cells.entries()) letters.set(`${cells[1]} ${columns[index]}`, cell)
  }
  return ({ id }, { name }, engine) => letters.get(`${id} ${name}`)?.includes(LETTERS[engine]) === true
}

/** Holds the docs to what was measured; with UPDATE_DOCS=1, writes it into them. */
export function checkTables(results: Results): void {
  const told = committed(readDocs())
  const executed: Executed = (vector, shape, engine) =>
    engines.includes(engine) && ATTACKED.includes(shape)
      ? results.get(engine)!.get(shape)!.executed.has(vector.id)
      : told(vector, shape, engine)
  checkDocs(tables(executed))
}
