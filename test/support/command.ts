import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')

/** The command, compiled into a folder from what is tested (only compiled can it start threads): the file to give to Node. */
export function compileCommand(outDir: string): string {
  execFileSync('npx', ['tsc', '-p', 'tsconfig.build.json', '--outDir', outDir], {
    cwd: ROOT,
    stdio: 'ignore',
  })
  return join(outDir, 'cli.js')
}
