import { execFileSync } from 'node:child_process'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')

/** The command, compiled into a folder from what is tested (only compiled can it start threads): the file to give to Node. */
export function compileCommand(folder: string): string {
  const outDir = join(folder, 'dist')
  execFileSync('npx', ['tsc', '-p', 'tsconfig.build.json', '--outDir', outDir], {
    cwd: ROOT,
    stdio: 'ignore',
  })
  copyFileSync(join(ROOT, 'package.json'), join(folder, 'package.json'))
  return join(outDir, 'cli.js')
}
