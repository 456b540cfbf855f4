import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { chunksApp } from './apps.ts'
import { buildArguments, outputOf } from './contestants.ts'
import { markdownTable, publish } from './docs.ts'
import { measured } from './measure.ts'

const COUNTS = [10, 100, 1000]

const SHAPES: Record<string, string> = {
  strict: "{ scripts: 'strict' }",
  dynamic: "{ scripts: 'dynamic' }",
  loader: "{ scripts: 'loader' }",
  'strict, sha256': "{ scripts: 'strict', algorithm: 'sha256' }",
}

interface Weight {
  readonly raw: number
  readonly compressed: number
}

async function weigh(count: number, contestant: 'none' | 'csp-hashes', options: string): Promise<Weight> {
  const app = chunksApp(count)
  rmSync(outputOf(app, contestant, options), { recursive: true, force: true })
  await measured(buildArguments(app, contestant, options), app.folder)
  const page = readFileSync(join(outputOf(app, contestant, options), 'index.html'))
  return { raw: page.length, compressed: brotliCompressSync(page).length }
}

/** Bytes that a page gains, as it is and compressed with brotli, under each shape. */
export async function visitorSection(): Promise<void> {
  const rows: string[][] = []
  for (const count of COUNTS) {
    const plain = await weigh(count, 'none', '')
    rows.push([`${count} lazy chunks`, 'no policy', String(plain.raw), String(plain.compressed), '', ''])
    for (const [shape, options] of Object.entries(SHAPES)) {
      const page = await weigh(count, 'csp-hashes', options)
      const added = page.compressed - plain.compressed
      rows.push([
        `${count} lazy chunks`,
        shape,
        `+${page.raw - plain.raw}`,
        `+${added}`,
        ((page.raw - plain.raw) / count).toFixed(0),
        (added / count).toFixed(0),
      ])
    }
  }
  const head = ['app of', 'shape', 'bytes of the page', 'brotli', 'bytes a chunk', 'brotli a chunk']
  publish('visitor', markdownTable(head, rows))
}
