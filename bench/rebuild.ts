import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type App, chunksApp, pagesApp } from './apps.ts'
import { markdownTable, publish } from './docs.ts'
import { spreadOf, spreadText } from './measure.ts'
import { PACKAGE } from './places.ts'
import type { BuildTime, RebuildOrder } from './rebuild-process.ts'

const PROCESS = fileURLToPath(new URL('rebuild-process.js', import.meta.url))
const ENTRY = pathToFileURL(join(PACKAGE, 'dist/index.js')).href

interface Case extends Pick<RebuildOrder, 'file' | 'needle' | 'input'> {
  readonly title: string
  readonly app: App
}

const COUNT = 1000

const CASES = (): readonly Case[] => [
  {
    title: 'site of 1,000 HTML pages, one page changed',
    app: pagesApp(COUNT),
    file: 'docs/500/index.html',
    needle: '</body>',
    input: Array.from({ length: COUNT }, (_, i) => `docs/${i}/index.html`),
  },
  {
    title: 'app of 1,000 lazy chunks, one chunk changed',
    app: chunksApp(COUNT),
    file: 'src/parts/part-500.js',
    needle: ", ' + total",
    input: [],
  },
]

/** `vite build --watch`: what the plugin costs the first build, and those after a change in one file. */
export async function rebuildSection(wanted: number | undefined): Promise<void> {
  const rows = CASES().map(({ title, app, ...change }) => {
    const { folder } = app
    const order: RebuildOrder = { entry: ENTRY, folder, count: wanted ?? 10, ...change }
    const output = execFileSync(process.execPath, [PROCESS, JSON.stringify(order)], {
      cwd: folder,
      encoding: 'utf8',
    })
    const times = JSON.parse(output) as BuildTime[]
    rmSync(join(folder, 'dist-watched'), { recursive: true, force: true })
    const [first, ...later] = times
    if (!first) throw new Error(`${title}: no build`)
    const spread = (pick: keyof BuildTime): string => spreadText(spreadOf(later.map((one) => one[pick])), 0)
    return [title, first.plugin.toFixed(0), spread('plugin'), first.wall.toFixed(0), spread('wall')]
  })
  const head = ['`vite build --watch`', 'first, in the plugin, ms', 'again', 'first, in all, ms', 'again']
  publish('rebuild', markdownTable(head, rows))
}
