import { basename } from 'node:path'
import type { ReportChunk } from './collect.ts'
import { html, type Markup } from './markup.ts'

/** A drawing with more chunks is unreadable, so none is made; the table lists all chunks. */
const MOST_NODES = 120

const COLUMN = 276
const ROW = 34
const WIDTH = 212
const HEIGHT = 24
const MARGIN = 44
const MOST_CHARACTERS = 25

interface Placed {
  readonly chunk: ReportChunk
  readonly index: number
  readonly x: number
  readonly y: number
}

/** The number of imports between an entry and each chunk. */
function depths(chunks: readonly ReportChunk[]): Map<string, number> {
  const byPath = new Map(chunks.map((chunk) => [chunk.path, chunk]))
  const imported = new Set(chunks.flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports]))
  const starts = chunks.filter(({ path, hold }) => !imported.has(path) || hold === 'attribute')
  const found = new Map<string, number>()
  let row = (starts.length > 0 ? starts : chunks.slice(0, 1)).filter(({ path }) => !imported.has(path))
  if (row.length === 0) row = starts.slice(0, 1)
  for (let depth = 0; row.length > 0; depth++) {
    for (const { path } of row) found.set(path, depth)
    const next = new Set(row.flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports]))
    row = [...next].flatMap((path) => (found.has(path) ? [] : (byPath.get(path) ?? [])))
  }
  for (const { path } of chunks) if (!found.has(path)) found.set(path, 0)
  return found
}

/** Mean row of the chunks that import a chunk, so that it is placed near them. */
function meanRow(
  { path }: ReportChunk,
  chunks: readonly ReportChunk[],
  rows: ReadonlyMap<string, number>,
): number {
  const known = chunks
    .filter(({ imports, dynamicImports }) => imports.includes(path) || dynamicImports.includes(path))
    .flatMap((importer) => rows.get(importer.path) ?? [])
  return known.length === 0 ? 0 : known.reduce((sum, one) => sum + one, 0) / known.length
}

function place(chunks: readonly ReportChunk[]): Placed[] {
  const depth = depths(chunks)
  const columns: ReportChunk[][] = []
  for (const chunk of chunks) (columns[depth.get(chunk.path) ?? 0] ??= []).push(chunk)
  const tallest = Math.max(...columns.map((column) => column.length))
  const index = new Map(chunks.map(({ path }, at) => [path, at]))
  const rows = new Map<string, number>()
  const mean = (chunk: ReportChunk): number => meanRow(chunk, chunks, rows)
  return columns.flatMap((column, at) => {
    const sorted = column.toSorted((a, b) => mean(a) - mean(b) || (a.path < b.path ? -1 : 1))
    const offset = (tallest - sorted.length) / 2
    return sorted.map((chunk, row) => {
      rows.set(chunk.path, row + offset)
      const y = MARGIN + (row + offset) * ROW
      return { chunk, index: index.get(chunk.path) ?? 0, x: MARGIN + at * COLUMN, y }
    })
  })
}

function shortName(path: string): string {
  const name = basename(path)
  if (name.length <= MOST_CHARACTERS) return name
  return `${name.slice(0, 14)}…${name.slice(-(MOST_CHARACTERS - 15))}`
}

/**
 * Forward edges go from the right side to the left side; edges within a column or backwards curve out on the left.
 */
function curve(from: Placed, to: Placed): string {
  const forward = to.x > from.x
  const [x1, y1] = [forward ? from.x + WIDTH : from.x, from.y + HEIGHT / 2]
  const [x2, y2] = [to.x, to.y + HEIGHT / 2]
  const bend = forward ? (x2 - x1) / 2 : -Math.min(40, 14 + Math.abs(y2 - y1) / 12)
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${forward ? x2 - bend : x2 + bend} ${y2} ${x2} ${y2}`
}

function edges(nodes: readonly Placed[]): Markup[] {
  const byPath = new Map(nodes.map((node) => [node.chunk.path, node]))
  return nodes.flatMap((from) =>
    (['imports', 'dynamicImports'] as const).flatMap((kind) =>
      from.chunk[kind].flatMap((path) => {
        const to = byPath.get(path)
        if (!to || to === from) return []
        const name = kind === 'imports' ? 'edge' : 'edge dynamic'
        return [
          html`<path
            class="${name}"
            data-from="${from.index}"
            data-to="${to.index}"
            d="${curve(from, to)}"
          />`,
        ]
      }),
    ),
  )
}

/** Draws the chunks in columns, from entries to chunks that load later; `undefined` if there is nothing to draw. */
export function graphSvg(chunks: readonly ReportChunk[]): Markup | undefined {
  if (chunks.length < 2 || chunks.length > MOST_NODES) return undefined
  const nodes = place(chunks)
  const width = Math.max(...nodes.map(({ x }) => x)) + WIDTH + MARGIN
  const height = Math.max(...nodes.map(({ y }) => y)) + HEIGHT + MARGIN
  return html`<svg
    viewBox="0 0 ${width} ${height}"
    width="${width}"
    height="${height}"
    role="group"
    aria-label="Graph of chunks"
  >
    ${edges(nodes)}
    ${nodes.map(
      ({ chunk, index, x, y }) =>
        html`<a href="#chunk-${index}" class="node ${chunk.hold}" data-node="${index}"
          ><title>${chunk.path}</title
          ><rect x="${x}" y="${y}" width="${WIDTH}" height="${HEIGHT}" rx="6" /><circle
            cx="${x + 13}"
            cy="${y + HEIGHT / 2}"
            r="4"
          /><text x="${x + 24}" y="${y + 16}">${shortName(chunk.path)}</text></a
        >`,
    )}
  </svg>`
}
