import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'parse5'
import { scanPage } from '../src/core/html/scan.ts'
import { markdownTable, publish } from './docs.ts'
import { spent, spreadOf, spreadText } from './measure.ts'
import { benchPages } from './pages.ts'

const ROUNDS = 15
const PAGES = 300

function pagesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.html'))
    .slice(0, PAGES)
    .map((file) => readFileSync(join(folder, file), 'utf8'))
}

interface Times {
  readonly bare: number
  readonly located: number
  readonly scan: number
}

function round(pages: readonly string[]): Times {
  const scan = spent(() => pages.forEach((page) => scanPage('page.html', page)))
  const bare = spent(() => pages.forEach((page) => parse(page)))
  const located = spent(() => pages.forEach((page) => parse(page, { sourceCodeLocationInfo: true })))
  return { bare, located, scan }
}

const NAMES: Record<keyof Times, string> = {
  scan: 'the scan of this package',
  bare: 'bare `parse5.parse`',
  located: '`parse5.parse` with locations',
}

/** The scan of pages against a bare parse of the same: generated ones, or those of a folder. */
export function scanSection(folder: string | undefined): void {
  const pages = folder ? pagesBelow(folder) : benchPages(PAGES).map(({ html }) => html)
  const megabytes = pages.reduce((sum, page) => sum + Buffer.byteLength(page), 0) / 1e6
  round(pages)
  round(pages)
  const times = Array.from({ length: ROUNDS }, () => round(pages))
  const rows = (['scan', 'bare', 'located'] as const).map((name) => [
    NAMES[name],
    name === 'bare' ? '' : spreadText(spreadOf(times.map((one) => one[name] / one.bare))),
    spreadText(spreadOf(times.map((one) => (megabytes / one[name]) * 1000)), 1),
  ])
  publish(
    'scan',
    markdownTable([`${pages.length} pages, ${megabytes.toFixed(1)} MB`, 'processor : bare', 'MB/s'], rows),
  )
}
