import { cpSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, run } from './run.js'

const COPIED = [
  'src',
  'scripts',
  'docs/findings.md',
  'tsconfig.json',
  'playground/attack',
  'playground/tsconfig.base.json',
]

/** What bundles the package, and what becomes part of it (see bundle.js). */
const PACKAGES = ['vite', 'rolldown', 'parse5', 'magic-string', 'jsonc-parser', 'diff']

/**
 * A copy of what the demo needs, with the few packages that it needs: to install everything takes minutes, and warns on
 * machines whose Node is too old for the emulators of hosts.
 */
export function demoCheckout() {
  const home = join(root, '.cache/demo')
  rmSync(home, { recursive: true, force: true })
  for (const path of COPIED) cpSync(join(root, path), join(home, path), { recursive: true })
  const { name, version, type, exports, dependencies, devDependencies } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  )
  const needed = Object.fromEntries(PACKAGES.map((one) => [one, devDependencies[one]]))
  const manifest = {
    name,
    version,
    type,
    exports,
    private: true,
    scripts: { build: 'node scripts/bundle.js' },
    dependencies: { ...dependencies, ...needed },
  }
  writeFileSync(join(home, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`)
  run('npm', ['install', '--silent', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'], {
    cwd: home,
  })
  const self = join(home, 'node_modules', name)
  if (!existsSync(self)) symlinkSync('..', self, 'junction')
  return home
}
