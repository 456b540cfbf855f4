import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type Engine, engines } from '../browsers/index.ts'
import type { Measured } from './measure.ts'
import { type Shape, SHAPES } from './shapes.ts'
import { isSink } from './sinks.ts'
import type { Vector } from './vector.ts'
import { vectors } from './vectors.ts'

export type Results = ReadonlyMap<Engine, ReadonlyMap<Shape, Measured>>

const DOCS = join(import.meta.dirname, '../../docs/security.md')
const LETTERS: Record<Engine, string> = { chromium: 'C', firefox: 'F', webkit: 'W' }
const ALL: readonly Engine[] = ['chromium', 'firefox', 'webkit']

const runs = (results: Results, vector: Vector, shape: Shape, engine: Engine): boolean =>
  results.get(engine)?.get(shape)?.executed.has(vector.id) === true

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

const heading = (first: readonly string[]): string[] => [
  row([...first, ...SHAPES.map(({ name }) => name)]),
  row([...first, ...SHAPES].map(() => '---')),
]

/** How many vectors executed. An engine that was not driven has a question mark. */
function counts(results: Results, chosen: readonly Vector[]): string {
  const lines = ALL.map((engine) =>
    row([
      engine,
      ...SHAPES.map((shape) =>
        engines.includes(engine)
          ? String(chosen.filter((vector) => runs(results, vector, shape, engine)).length)
          : '?',
      ),
    ]),
  )
  return [...heading(['engine']), ...lines].join('\n')
}

function matrix(results: Results, chosen: readonly Vector[]): string {
  const lines = chosen.map((vector) => {
    const where = isSink(vector.at) ? `sink ${vector.at}` : vector.at.replace('-', ' ')
    const cells = SHAPES.map((shape) => {
      const letters = ALL.map((engine) =>
        engines.includes(engine) ? (runs(results, vector, shape, engine) ? LETTERS[engine] : '') : '?',
      )
      return letters.join('') || '·'
    })
    return row([vector.what.replaceAll('|', '\\|'), where, ...cells])
  })
  return [...heading(['vector', 'where']), ...lines].join('\n')
}

const isGuard = ({ control }: Vector): boolean => control?.length === 0

/** Of the docs' tables by the name in their markers. */
function tables(results: Results): Record<string, string> {
  const attacks = vectors.filter((vector) => vector.limit === undefined && !isGuard(vector))
  const limits = vectors.filter((vector) => vector.limit !== undefined)
  return {
    counts: counts(results, attacks),
    limits: matrix(results, limits),
    attacks: matrix(results, attacks),
    guards: vectors
      .filter(isGuard)
      .map(({ what }) => `- ${what}`)
      .join('\n'),
  }
}

/** Where only some engines were driven, only their part can be compared. */
function undriven(table: string): string {
  const absent = ALL.filter((engine) => !engines.includes(engine))
  let text = table
  for (const engine of absent) {
    text = text.replaceAll(new RegExp(`^\\| ${engine} \\|.*$`, 'gm'), `| ${engine} |`)
  }
  return text.replaceAll(/\| ([CFW?·]{1,3})(?= \|)/g, (_, letters: string) => {
    const kept = [...letters].filter((letter) => engines.some((engine) => LETTERS[engine] === letter))
    return `| ${kept.join('') || '·'}`
  })
}

/** Holds the docs to what was measured; with UPDATE_DOCS=1, writes it into them. */
export function checkTables(results: Results): void {
  let docs = readFileSync(DOCS, 'utf8')
  for (const [name, table] of Object.entries(tables(results))) {
    const [begin, end] = [`<!-- measured:${name}:begin -->\n`, `\n<!-- measured:${name}:end -->`]
    const from = docs.indexOf(begin) + begin.length
    const to = docs.indexOf(end)
    if (to < from) throw new Error(`docs/security.md has no markers for ${name}.`)
    if (process.env['UPDATE_DOCS'] === '1' && engines.length === ALL.length) {
      docs = docs.slice(0, from) + table + docs.slice(to)
    } else expect(undriven(docs.slice(from, to))).toBe(undriven(table))
  }
  if (process.env['UPDATE_DOCS'] === '1' && engines.length === ALL.length) writeFileSync(DOCS, docs)
}
