import { spawn } from 'node:child_process'
import { watch } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { secureDirectory } from '../../src/directory.ts'
import { run as secure } from '../cli/run-main.ts'
import { compileCommand } from '../support/command.ts'
import { readTree, temporaryDirectory } from '../support/files.ts'
import { page, temporarySite } from '../directory/temporary-site.ts'

/** With one thread and with two: fifty in all. */
const RUNS = 25
const PAGES = 60

const site = Object.fromEntries(
  Array.from({ length: PAGES }, (_, n) => [
    `p${n}/index.html`,
    page(`<title>${n}</title>`, `<script>page(${n})</script>`),
  ]),
)
const before = Object.fromEntries(Object.entries(site).map(([path, html]) => [path, Buffer.from(html)]))

interface Moment {
  /** Counted from the start of the process, or from the first thing that it does in the folder of a page. */
  readonly from: 'start' | 'first write'
  readonly after: number
}

/** Runs the command and ends it with SIGKILL, if it has not ended before: the exit code, or the signal. */
function killed(
  command: readonly string[],
  directory: string,
  { from, after }: Moment,
): Promise<number | string | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...command, directory, '--quiet'], { stdio: 'ignore' })
    let timer: NodeJS.Timeout | undefined
    const count = (): void => void (timer ??= setTimeout(() => child.kill('SIGKILL'), after))
    const watcher = watch(join(directory, 'p0'), () => from === 'first write' && count())
    if (from === 'start') count()
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      clearTimeout(timer)
      watcher.close()
      resolve(code ?? signal)
    })
  })
}

const NEVER: Moment = { from: 'start', after: 60_000 }

it.each([1, 2])(
  'leaves every page whole, old or new, wherever a run of %i threads is killed, and the next one completes',
  async (threads) => {
    const finished = temporarySite(site)
    await secureDirectory(finished)
    const after = readTree(finished)

    const command = [compileCommand(temporaryDirectory('command')), '--threads', String(threads)]
    const untouched = temporarySite(site)
    const begun = performance.now()
    expect(await killed(command, untouched, NEVER)).toBe(0)
    const whole = performance.now() - begun
    expect(readTree(untouched)).toEqual(after)

    let [kills, halves] = [0, 0]
    for (let run = 0; run < RUNS; run++) {
      const directory = temporarySite(site)
      // Most of a run is spent before it writes, so every other moment is one of its writing.
      const moment: Moment =
        run % 2 === 0
          ? { from: 'start', after: (whole * (run + Math.random())) / RUNS }
          : { from: 'first write', after: Math.random() * whole * 0.1 }
      if ((await killed(command, directory, moment)) === 'SIGKILL') kills++
      const tree = readTree(directory)
      const is = (path: string, one: Record<string, Buffer>): boolean =>
        one[path]?.equals(tree[path]!) === true
      const changed = Object.keys(site).filter((path) => !is(path, before))
      const torn = changed.filter((path) => !is(path, after))
      expect({ moment, torn }).toEqual({ moment, torn: [] })
      if (Object.keys(tree).length > PAGES) halves++
      expect((await secure([directory])).exit).toBe(0)
      // The whole tree: no temporary file is left either.
      expect(readTree(directory)).toEqual(after)
    }
    expect(kills).toBeGreaterThan(RUNS / 4)
    // So many were met with temporary files beside the pages.
    expect(halves).toBeGreaterThan(RUNS / 10)
  },
)
