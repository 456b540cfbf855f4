import { existsSync, linkSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { markdownTable, publish } from './docs.ts'
import { measured, ratios, rounds, spreadOf, spreadText } from './measure.ts'
import { benchPage, BUILT_FILES } from './pages.ts'
import { CACHE, PACKAGE } from './places.ts'

const CLI = join(PACKAGE, 'dist/cli.js')
const BARE = fileURLToPath(new URL('bare-parse.js', import.meta.url))

/** A site of so many pages, 2 to 80 kilobytes each, made once. */
function site(count: number): string {
  const folder = join(CACHE, `sites/${count}`)
  const last = join(folder, benchPage(count - 1).path)
  if (existsSync(last)) return folder
  for (const [path, text] of BUILT_FILES) write(join(folder, path), text)
  for (let i = 0; i < count; i++) {
    const { path, html } = benchPage(i)
    write(join(folder, path), html)
  }
  return folder
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

/**
 * A copy of second names: the command puts new files in place of the old ones, so the site itself stays as it is.
 * Each round has its own. They are made before the first and deleted after the last: ext4 is slow to make files where
 * many were just deleted, and busy for a while where many were just made.
 */
function copyOf(folder: string, round: number): string {
  const copy = `${folder}-copy-${round}`
  rmSync(copy, { recursive: true, force: true })
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const from = join(folder, name)
    if (statSync(from).isDirectory()) mkdirSync(join(copy, name), { recursive: true })
    else {
      mkdirSync(dirname(join(copy, name)), { recursive: true })
      linkSync(from, join(copy, name))
    }
  }
  return copy
}

const CONTESTANTS = ['parse5', 'first run', 'second run', 'second run, `--cache`'] as const

/** The command over many pages, against a bare parse of the same files. */
export async function directorySection(counts: readonly number[], wanted: number | undefined): Promise<void> {
  const rows: string[][] = []
  for (const count of counts) {
    const folder = site(count)
    const most = wanted ?? (count > 20_000 ? 1 : 3)
    // One more, for the round that does not count.
    const copies = Array.from({ length: most + 1 }, (_, round) => copyOf(folder, round))
    let round = 0
    // The order matters here: the second run is over what the first one left.
    const all = await rounds(['all'], most, async () => {
      const bare = await measured([BARE, folder], CACHE)
      const copy = copies[round++]!
      const first = await measured([CLI, copy, '--quiet', '--base', '/'], CACHE)
      const second = await measured([CLI, copy, '--quiet', '--base', '/'], CACHE)
      const remembering = [CLI, copy, '--quiet', '--base', '/', '--cache', `${copy}.cache`]
      await measured(remembering, CACHE)
      const remembered = await measured(remembering, CACHE)
      rmSync(`${copy}.cache`)
      return {
        parse5: bare,
        'first run': first,
        'second run': second,
        'second run, `--cache`': remembered,
      }
    })
    for (const copy of copies) rmSync(copy, { recursive: true, force: true })
    const results = all.map((one) => one.all)
    for (const name of CONTESTANTS) {
      const against = (pick: 'cpu' | 'wall'): string =>
        name === 'parse5' ? '' : spreadText(ratios(results, name, 'parse5', pick))
      const median = (pick: 'cpu' | 'wall' | 'memory'): number =>
        spreadOf(results.map((one) => one[name][pick])).median
      const pages = count.toLocaleString('en-US')
      rows.push([
        `${pages} pages: ${name}`,
        against('wall'),
        against('cpu'),
        (median('wall') / 1000).toFixed(2),
        (median('cpu') / 1000).toFixed(2),
        median('memory').toFixed(0),
      ])
    }
    console.log(
      rows
        .slice(-CONTESTANTS.length)
        .map((row) => row.join('  '))
        .join('\n'),
    )
  }
  const folder = copyOf(site(1), 0)
  const starts = await rounds(['start'], wanted ?? 11, () =>
    measured([CLI, folder, '--quiet', '--base', '/'], CACHE),
  )
  rmSync(folder, { recursive: true, force: true })
  const start = (pick: 'cpu' | 'wall'): string =>
    spreadText(spreadOf(starts.map((one) => one.start[pick])), 0)
  const head = ['`csp-hashes`', 'wall : parse5', 'processor : parse5', 'wall s', 'processor s', 'memory MB']
  publish(
    'directory',
    `${markdownTable(head, rows)}\n\nOne page, whole process, milliseconds: wall ${start('wall')}, processor ${start('cpu')}.`,
  )
}
