import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CACHE, PACKAGE, ROOT } from './places.ts'

/** Others who do a part of this and load on Vite 8. */
export const PEERS = {
  'vite-plugin-csp-guard': '4.0.1',
  'vite-plugin-sri-gen': '1.7.1',
  'vite-plugin-sri3': '2.0.0',
} as const

export function run(command: string, args: readonly string[], cwd: string): void {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit' })
  if (error) throw error
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`)
}

/** Installs the peers into the cache, so that they are no part of the project's own lock file. */
export function installPeers(): void {
  const manifest = JSON.stringify({ private: true, dependencies: PEERS }, undefined, 2)
  const file = join(CACHE, 'package.json')
  const installed = join(CACHE, 'node_modules/.package-lock.json')
  if (existsSync(installed) && existsSync(file) && readFileSync(file, 'utf8') === manifest) return
  mkdirSync(CACHE, { recursive: true })
  writeFileSync(file, manifest)
  // Their peer is the Vite of the project.
  run('npm', ['install', '--legacy-peer-deps', '--no-audit', '--no-fund', '--loglevel=error'], CACHE)
}

/** Compiles the package, and links it beside its peers: its dependencies are those of the project. */
export function installPackage(): void {
  rmSync(PACKAGE, { recursive: true, force: true })
  mkdirSync(PACKAGE, { recursive: true })
  cpSync(join(ROOT, 'package.json'), join(PACKAGE, 'package.json'))
  run(process.execPath, ['scripts/bundle.js', join(PACKAGE, 'dist')], ROOT)
  const link = join(CACHE, 'node_modules/vite-plugin-csp-hashes')
  rmSync(link, { recursive: true, force: true })
  symlinkSync(PACKAGE, link, 'junction')
}
