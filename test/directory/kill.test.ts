import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { secureDirectory } from '../../src/directory.ts'
import { readTree, temporaryDirectory } from '../support/files.ts'
import { compileTo } from './compiled.ts'
import { page, temporarySite } from './temporary-site.ts'

const RUNS = 20

const site = Object.fromEntries(
  Array.from({ length: 150 }, (_, n) => [
    `p${n}/index.html`,
    page(`<title>${n}</title>`, `<script>page(${n})</script>`),
  ]),
)

/** The command, compiled from what is tested. */
function compiled(): string {
  const outDir = temporaryDirectory('command')
  compileTo(outDir)
  return join(outDir, 'cli.js')
}

/** Runs the command over a directory and ends it with SIGKILL after so many milliseconds: the exit code, or the signal. */
function killed(
  command: readonly string[],
  directory: string,
  after: number,
): Promise<number | string | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...command, directory, '--quiet'], { stdio: 'ignore' })
    const timer = setTimeout(() => child.kill('SIGKILL'), after)
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      clearTimeout(timer)
      resolve(code ?? signal)
    })
  })
}

it.each([1, 2])(
  'leaves every page whole, old or new, wherever a run of %i threads is killed, and the next one completes',
  async (threads) => {
    const finished = temporarySite(site)
    await secureDirectory(finished)
    const after = readTree(finished)
    const before = Object.fromEntries(Object.entries(site).map(([path, html]) => [path, Buffer.from(html)]))

    const command = [compiled(), '--threads', String(threads)]
    const untouched = temporarySite(site)
    const begun = performance.now()
    expect(await killed(command, untouched, 60_000)).toBe(0)
    const whole = performance.now() - begun
    expect(readTree(untouched)).toEqual(after)

    let kills = 0
    for (let run = 0; run < RUNS; run++) {
      const directory = temporarySite(site)
      // Even steps over the length of a run meet reading, staging and renaming, whatever the speed of the machine.
      if ((await killed(command, directory, (whole * (run + 1)) / RUNS)) === 'SIGKILL') kills++
      const tree = readTree(directory)
      for (const path of Object.keys(site)) {
        const bytes = tree[path] ?? Buffer.alloc(0)
        expect(
          bytes.equals(before[path] ?? Buffer.alloc(0)) || bytes.equals(after[path] ?? Buffer.alloc(0)),
          path,
        ).toBe(true)
      }
      await secureDirectory(directory)
      expect(readTree(directory)).toEqual(after)
      expect(readdirSync(join(directory, 'p0'))).toEqual(['index.html'])
    }
    expect(kills).toBeGreaterThan(RUNS / 4)
  },
)
