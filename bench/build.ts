import { rmSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { type App, chunksApp, pagesApp, smallApp } from './apps.ts'
import { buildArguments, type Contestant, CONTESTANTS, outputOf } from './contestants.ts'
import { largeApp } from './large-apps.ts'
import { markdownTable, publish } from './docs.ts'
import { measured, ratios, rounds, spreadOf, spreadText } from './measure.ts'

interface Case {
  readonly title: string
  readonly app: () => App
  readonly rounds: number
  /** Whether it is built into very many files. */
  readonly many: boolean
}

const CASES: Record<string, Case> = {
  small: { title: 'small React app', app: smallApp, rounds: 25, many: false },
  chunks: { title: 'app of 1,000 lazy chunks', app: () => chunksApp(1000), rounds: 15, many: true },
  pages: { title: 'site of 1,000 HTML pages', app: () => pagesApp(1000), rounds: 9, many: true },
  monaco: { title: 'Monaco', app: () => largeApp('monaco'), rounds: 7, many: false },
  mui: { title: 'MUI with all icons', app: () => largeApp('mui'), rounds: 7, many: false },
  three: { title: 'three.js with examples', app: () => largeApp('three'), rounds: 7, many: false },
  mermaid: { title: 'Mermaid', app: () => largeApp('mermaid'), rounds: 7, many: false },
  pdfjs: { title: 'PDF.js', app: () => largeApp('pdfjs'), rounds: 7, many: false },
}

interface Settings {
  readonly rounds: number | undefined
  readonly contestants: readonly string[]
  readonly cases: readonly string[]
}

/**
 * Outputs of a round are removed when it is over, and then nothing is written for a while: some file systems look long
 * for a place for new files where many were deleted just before.
 */
const SETTLED = 6000

/** Contestants that build the app at all. */
async function able(app: App, contestants: readonly Contestant[]): Promise<Contestant[]> {
  const result: Contestant[] = []
  for (const one of contestants) {
    try {
      await measured(buildArguments(app, one), app.folder)
      result.push(one)
    } catch (error) {
      console.error(`${one} cannot build ${app.name}: ${String(error).slice(0, 600)}`)
    }
  }
  return result
}

async function compare(
  { title, app: make, rounds: usual, many }: Case,
  settings: Settings,
): Promise<string[][]> {
  const app = make()
  const wanted = CONTESTANTS.filter(
    (one) => settings.contestants.length === 0 || settings.contestants.includes(one),
  )
  const contestants = await able(app, wanted)
  const clear = async (): Promise<void> => {
    for (const one of contestants) rmSync(outputOf(app, one), { recursive: true, force: true })
    if (many) await wait(SETTLED)
  }
  await clear()
  const all = await rounds(
    contestants,
    settings.rounds ?? usual,
    (one) => measured(buildArguments(app, one), app.folder),
    clear,
  )
  return wanted.map((one) => {
    if (!contestants.includes(one)) return [title, one, 'does not build it', '', '', '', '', '']
    const seconds = (pick: 'wall' | 'cpu'): string =>
      (spreadOf(all.map((round) => round[one][pick])).median / 1000).toFixed(2)
    const against = (pick: 'wall' | 'cpu'): string =>
      one === 'none' ? '' : spreadText(ratios(all, one, 'none', pick), 3)
    const median = (contestant: Contestant): number =>
      spreadOf(all.map((round) => round[contestant].memory)).median
    const memory = median(one).toFixed(0)
    const more = one === 'none' ? '' : (median(one) - median('none')).toFixed(0)
    return [title, one, against('cpu'), against('wall'), seconds('cpu'), seconds('wall'), memory, more]
  })
}

const HEAD = [
  'build of',
  'plugin',
  'processor time : none',
  'wall time : none',
  'processor s',
  'wall s',
  'memory MB',
  'more MB',
]

/** `vite build` in whole processes: no plugin, this one, and each peer. */
export async function buildSection(settings: Settings): Promise<void> {
  for (const [name, one] of Object.entries(CASES)) {
    if (settings.cases.length > 0 && !settings.cases.includes(name)) continue
    const table = markdownTable(HEAD, await compare(one, settings))
    if (settings.contestants.length > 0) console.log(table)
    else publish(`build-${name}`, table)
  }
}
