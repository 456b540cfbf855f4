import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'parse5'
import { scanPage } from '../src/core/scan.ts'
import { benchPages } from './pages.ts'

/** Compares the scan of pages with a bare parse: `tsc -p bench && node bench/dist/bench/scan.js [folder of pages]`. */

const ROUNDS = 15
const PAGES = 300

function pagesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.html'))
    .slice(0, PAGES)
    .map((file) => readFileSync(join(folder, file), 'utf8'))
}

/** Processor time, in milliseconds: on a busy machine the clock on the wall tells more about others. */
function spent(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
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

function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (part: number): string =>
    (sorted[Math.round((sorted.length - 1) * part)] ?? Number.NaN).toFixed(2)
  return `${at(0)} / ${at(0.5)} / ${at(1)}`
}

const [folder] = process.argv.slice(2)
const pages = folder ? pagesBelow(folder) : benchPages(PAGES).map(({ html }) => html)
const megabytes = pages.reduce((sum, page) => sum + Buffer.byteLength(page), 0) / 1e6
round(pages)
round(pages)
const times = Array.from({ length: ROUNDS }, () => round(pages))
const speed = (pick: (one: Times) => number): string =>
  spread(times.map((one) => (megabytes / pick(one)) * 1000))

console.log(`${pages.length} pages, ${megabytes.toFixed(1)} MB, ${ROUNDS} rounds: minimum / median / maximum`)
console.log(`scan : bare parse5            ${spread(times.map(({ scan, bare }) => scan / bare))}`)
console.log(`located parse5 : bare parse5  ${spread(times.map(({ located, bare }) => located / bare))}`)
console.log(`bare parse5, MB/s             ${speed(({ bare }) => bare)}`)
console.log(`scan, MB/s                    ${speed(({ scan }) => scan)}`)
