import { execFile } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)

const examples = join(import.meta.dirname, '../../examples')
const newerNode = join(import.meta.dirname, 'node')

export const exampleFolder = (name: string): string => join(examples, name)

/** What vitest sets, and builds would take for the user's own wish. */
const OF_THE_TEST = /^(?:NODE_ENV|TEST|DEV|PROD|SSR|MODE|BASE_URL|VITEST.*)$/

function environment(path: readonly string[]): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !OF_THE_TEST.test(name))
  return {
    ...Object.fromEntries(kept),
    PATH: [...path, process.env['PATH']].join(delimiter),
    ASTRO_TELEMETRY_DISABLED: '1',
    NUXT_TELEMETRY_DISABLED: '1',
  }
}

/** Runs a line as `npm run` would, in a folder. */
async function shell(line: string, cwd: string, path: readonly string[]): Promise<string> {
  try {
    const env = environment([join(cwd, 'node_modules/.bin'), ...path])
    const { stdout } = await execute('sh', ['-c', line], { cwd, env, maxBuffer: 2 ** 26 })
    return stdout
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    throw new Error(`\`${line}\` failed in ${cwd}.\n${stdout}\n${stderr}`, { cause: error })
  }
}

/** No example needs an install script: binaries come as optional dependencies. */
async function install(folder: string, path: readonly string[]): Promise<void> {
  const installed = join(folder, 'node_modules/.package-lock.json')
  const fresh =
    existsSync(installed) &&
    statSync(installed).mtimeMs >= statSync(join(folder, 'package-lock.json')).mtimeMs
  if (!fresh) await shell('npm ci --ignore-scripts', folder, path)
}

/** The newest frameworks need Node 22.22; where this one is older, an installed newer one goes before it. */
async function nodePath(): Promise<string[]> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 22)) return []
  await install(newerNode, [])
  const binary = join(newerNode, `node_modules/node-${process.platform}-${process.arch}/bin/node`)
  if (!existsSync(binary))
    throw new Error('The frameworks need Node 22.22 or newer, and no package brings it here.')
  return [dirname(binary)]
}

/** Runs lines in the folder of an example, whose packages are there by then. */
export async function exampleShell(name: string): Promise<(line: string) => Promise<string>> {
  const folder = exampleFolder(name)
  const path = await nodePath()
  await install(folder, path)
  return (line) => shell(line, folder, path)
}
