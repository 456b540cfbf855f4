import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')

/** Compiles what is tested: only compiled can it start threads. */
export function compileTo(outDir: string): void {
  execFileSync('npx', ['tsc', '-p', 'tsconfig.build.json', '--outDir', outDir], {
    cwd: ROOT,
    stdio: 'ignore',
  })
}
