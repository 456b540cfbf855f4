import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { build as build8 } from 'vite'
import { build as build6 } from 'vite-6'
import { build as build7 } from 'vite-7'
import { cspHashes, type Options, secureDirectory } from '../../src/index.ts'
import { resolveOptions } from '../../src/options.ts'
import { secureSite } from '../../src/pipeline.ts'
import { makeDirectory, readTree, writeTree } from '../support/files.ts'
import { memorySite } from '../support/memory-site.ts'

/** A way into the package: a finished site goes in, the files of the protected site come out. */
export type Door = (site: string, options: Options) => Promise<Record<string, Buffer>>

const throughFunction: Door = async (site, options) => {
  const files = readTree(site)
  const secured = secureSite(memorySite(files), resolveOptions(options))
  const written = [
    ...secured.pages.map(({ path, html }) => [path, html]),
    ...secured.files.map(({ path, content }) => [path, content]),
  ]
  return { ...files, ...Object.fromEntries(written.map(([path, text]) => [path, Buffer.from(text!)])) }
}

/** Whole pages reach the plugin untouched through the public directory, beside a bundle of one empty script. */
function throughPlugin(build: typeof build8): Door {
  return async (site, options) => {
    const root = makeDirectory('documents')
    writeTree(root, { 'entry.js': 'export {}\n' })
    await build({
      root,
      configFile: false,
      logLevel: 'warn',
      publicDir: site,
      build: { rollupOptions: { input: join(root, 'entry.js') } },
      plugins: [cspHashes(options)],
    })
    return readTree(join(root, 'dist'))
  }
}

const throughDirectory: Door = async (site, options) => {
  const copy = makeDirectory('documents')
  writeTree(copy, readTree(site))
  await secureDirectory(copy, { ...options, base: '/' })
  return readTree(copy)
}

/** The built command in a process of its own, with its options in a file. */
const throughCommand: Door = async (site, options) => {
  const copy = makeDirectory('documents')
  writeTree(copy, { ...readTree(site) })
  const config = makeDirectory('options')
  writeTree(config, { 'csp-hashes.config.json': JSON.stringify(options) })
  const args = [join(copy), '--base', '/', '--config', join(config, 'csp-hashes.config.json')]
  execFileSync(process.execPath, [join(import.meta.dirname, '../../dist/cli.js'), ...args], { stdio: 'pipe' })
  return readTree(copy)
}

export const DOORS: Record<string, Door> = {
  function: throughFunction,
  directory: throughDirectory,
  command: throughCommand,
  'plugin, Vite 8': throughPlugin(build8),
  // Each major has types of its own for the same configuration.
  'plugin, Vite 7': throughPlugin(build7 as unknown as typeof build8),
  'plugin, Vite 6': throughPlugin(build6 as unknown as typeof build8),
}
