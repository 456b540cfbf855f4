// Everything that must hold, on a machine that may have nothing but Node: installs, builds, lints, tests.
import { existsSync } from 'node:fs'
import { installDependencies, isInstalled, run } from './run.js'

/** Debian's packages, by the command that each brings. Elsewhere: install these, or Playwright's browsers, yourself. */
const DEBIAN = {
  chromium: ['chromium', 'google-chrome', 'chrome'],
  'firefox-esr': ['firefox-esr', 'firefox'],
  'webkit2gtk-driver': ['WebKitWebDriver'],
  xvfb: ['xvfb-run'],
  xauth: ['xauth'],
  openssl: ['openssl'],
  'nginx-light': ['nginx', '/usr/sbin/nginx'],
  apache2: ['apache2', '/usr/sbin/apache2'],
  caddy: ['caddy'],
  'php-cli': ['php'],
  python3: ['python3'],
}

const isPresent = (command) => (command.startsWith('/') ? existsSync(command) : isInstalled(command))
const missing = Object.keys(DEBIAN).filter((name) => !DEBIAN[name].some(isPresent))

if (missing.length > 0 && isInstalled('apt-get') && process.getuid?.() === 0) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  run('apt-get', ['update', '-qq'], { env })
  run('apt-get', ['install', '-y', '-qq', ...missing], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
} else if (missing.length > 0) {
  console.error(
    `Not found here: ${missing.join(', ')}. Tests that need them will fail; on Debian: apt-get install ${missing.join(' ')}`,
  )
}

installDependencies()
run('npm', ['run', 'build'])
run('npm', ['run', 'lint'])
run('npm', ['run', 'typecheck'])
run('npx', ['vitest', 'run', ...process.argv.slice(2)])
