import { hash } from 'node:crypto'
import { digest } from '../src/core/site/digest.ts'
import { SearchedFiles } from '../src/core/needs/searched-files.ts'
import { chunkFile } from './apps.ts'
import { markdownTable, publish } from './docs.ts'
import { spent, spreadOf, spreadText } from './measure.ts'

const ROUNDS = 25

interface Input {
  readonly name: string
  readonly files: ReadonlyMap<string, Uint8Array>
}

/** Many small scripts, as a build with lazy routes has them, and a few large ones. */
const INPUTS: readonly Input[] = [
  { name: '1,000 scripts of 1.2 kB', files: scripts(1000, 1) },
  { name: '10 scripts of 1.2 MB', files: scripts(10, 1000) },
]

function scripts(count: number, parts: number): Map<string, Uint8Array> {
  return new Map(
    Array.from({ length: count }, (_, i) => [
      `assets/${i}.js`,
      Buffer.from(Array.from({ length: parts }, (__, part) => chunkFile(i * parts + part)).join('')),
    ]),
  )
}

type Contestant = 'bare' | 'digest' | 'read'

const NAMES: Record<Contestant, string> = {
  bare: 'bare `crypto.hash`',
  digest: 'integrity metadata',
  read: 'the same, and the search of the code',
}

const WORK: Record<Contestant, (files: Input['files']) => void> = {
  bare(files) {
    for (const bytes of files.values()) hash('sha384', bytes, 'base64')
  },
  digest(files) {
    for (const bytes of files.values()) digest(bytes, 'sha384')
  },
  read(files) {
    const site = new SearchedFiles({ file: (path) => files.get(path) }, 'sha384')
    for (const path of files.keys()) site.digestOf(path)
  },
}

/** What a file costs that is pinned, against a bare hash of its bytes. */
export function hashSection(): void {
  const contestants = ['bare', 'digest', 'read'] as const
  const rows = INPUTS.flatMap(({ name, files }) => {
    const megabytes = [...files.values()].reduce((sum, { length }) => sum + length, 0) / 1e6
    const round = (): Record<Contestant, number> => {
      const of = (one: Contestant): number => spent(() => WORK[one](files))
      return { bare: of('bare'), digest: of('digest'), read: of('read') }
    }
    round()
    const times = Array.from({ length: ROUNDS }, round)
    return contestants.map((one) => [
      `${name}: ${NAMES[one]}`,
      one === 'bare' ? '' : spreadText(spreadOf(times.map((time) => time[one] / time.bare))),
      spreadText(spreadOf(times.map((time) => (megabytes / time[one]) * 1000)), 0),
    ])
  })
  publish('hash', markdownTable(['', 'processor : bare', 'MB/s'], rows))
}
