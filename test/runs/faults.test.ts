import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { secureDirectory } from '../../src/directory.ts'
import { temporarySite } from '../directory/temporary-site.ts'
import { readTree } from '../support/files.ts'

const command = join(import.meta.dirname, '../../dist/cli.js')
const page = `<!doctype html><meta charset="utf-8"><script>go()</script><script type="module" src="/a-1a2b3c4d.js"></script>`
const site = {
  'a-1a2b3c4d.js': 'export {}\n',
  ...Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`p${n}.html`, `${page}<p>${n}`])),
}

function run(directory: string): Promise<{ exit: number | null; told: string }> {
  const child = spawn(process.execPath, [command, directory], { stdio: ['ignore', 'ignore', 'pipe'] })
  let told = ''
  child.stderr.on('data', (data) => void (told += String(data)))
  return new Promise((done) => child.on('close', (exit) => done({ exit, told })))
}

it('two runs at once leave each page whole, and the next run completes', async () => {
  const finished = temporarySite(site)
  await secureDirectory(finished)
  const after = readTree(finished)
  for (let round = 0; round < 3; round++) {
    const directory = temporarySite(site)
    const before = readTree(directory)
    const both = await Promise.all([run(directory), run(directory)])
    // The slower one may find a page that the other has written meanwhile: it says so, and stops.
    for (const { exit, told } of both)
      if (exit !== 0) expect([exit, told]).toEqual([3, expect.stringMatching(/chang|written|read/)])
    const tree = readTree(directory)
    const torn = Object.keys(after).filter(
      (path) => !tree[path]?.equals(after[path]!) && !tree[path]?.equals(before[path]!),
    )
    expect(torn).toEqual([])
    expect((await run(directory)).exit).toBe(0)
    expect(readTree(directory)).toEqual(after)
  }
})
