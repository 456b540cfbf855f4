import { fileURLToPath } from 'node:url'
import { join, resolve } from 'node:path'
import { measured, ratios, rounds, spreadOf, spreadText } from './measure.ts'
import { CACHE, PACKAGE } from './places.ts'

const CLI = join(PACKAGE, 'dist/cli.js')
const BARE = fileURLToPath(new URL('bare-scripts.js', import.meta.url))

/** The command over built sites whose weight is scripts, as a dry run, against a process that reads, hashes and lexes. */
export async function scriptsSection(folders: readonly string[], wanted: number | undefined): Promise<void> {
  for (const one of folders) {
    const folder = resolve(one)
    const all = await rounds(['bare', 'csp-hashes'], wanted ?? 7, (name) =>
      measured(
        name === 'bare' ? [BARE, folder] : [CLI, folder, '--dry-run', '--quiet', '--base', '/'],
        CACHE,
      ),
    )
    const median = (name: 'bare' | 'csp-hashes'): number =>
      spreadOf(all.map((round) => round[name].memory)).median
    const ratio = (pick: 'cpu' | 'wall'): string => spreadText(ratios(all, 'csp-hashes', 'bare', pick))
    const more = (median('csp-hashes') - median('bare')).toFixed(0)
    console.log(`${one}: processor ${ratio('cpu')}, wall ${ratio('wall')}, ${more} MB more`)
  }
}
