import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, extname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Options } from '../options.ts'
import { UsageError } from './io.ts'

const NAME = 'vite-plugin-csp-hashes'
const OWN = ['ts', 'mts', 'mjs', 'js', 'json'].map((extension) => `csp-hashes.config.${extension}`)
const VITE = ['ts', 'mts', 'cts', 'mjs', 'js', 'cjs'].map((extension) => `vite.config.${extension}`)

/** The plugin's options, and the base, which is also needed for a directory. */
export interface Config {
  readonly options: Options & { readonly base?: string }
  /** The file from which the options were read, if there is one. */
  readonly file: string | undefined
}

interface LoadedConfig {
  readonly config: { readonly plugins?: unknown; readonly base?: unknown }
}

interface ViteModule {
  readonly loadConfigFromFile: (
    env: { readonly command: 'build'; readonly mode: string },
    file: string,
    root: string,
    logLevel?: 'silent',
  ) => Promise<LoadedConfig | null>
}

/**
 * Finds the options of the project: the file given with `--config`, otherwise `csp-hashes.config.*`, otherwise the
 * options that `vite.config.*` passes to the plugin.
 * @throws {UsageError} if a file cannot be loaded
 */
export async function loadConfig(cwd: string, named: string | undefined): Promise<Config> {
  if (named !== undefined) {
    const file = resolve(cwd, named)
    if (!existsSync(file)) throw new UsageError(`There is no file ${named}. Correct the path after --config.`)
    return basename(file).startsWith('vite.config.') ? fromVite(file, cwd) : fromOwn(file, cwd)
  }
  const own = OWN.map((name) => join(cwd, name)).find((file) => existsSync(file))
  if (own !== undefined) return fromOwn(own, cwd)
  const vite = VITE.map((name) => join(cwd, name)).find((file) => existsSync(file))
  // Loading it is the slowest part of a run, so load it only if it names the plugin.
  if (vite !== undefined && readFileSync(vite, 'utf8').includes(NAME)) return fromVite(vite, cwd)
  return { options: {}, file: undefined }
}

async function fromOwn(file: string, cwd: string): Promise<Config> {
  const options = await defaultExport(file, cwd)
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new UsageError(`${file} must export an object with the options: export default { … }.`)
  // Editors use the schema named in a JSON file for completion and validation.
  const { $schema: _, ...named } = options as Config['options'] & { readonly $schema?: unknown }
  return { options: named, file }
}

async function defaultExport(file: string, cwd: string): Promise<unknown> {
  try {
    if (extname(file) === '.json') return JSON.parse(readFileSync(file, 'utf8'))
    if (!/\.m?ts$/.test(file))
      return ((await import(pathToFileURL(file).href)) as { default?: unknown }).default
    const vite = await findVite(cwd)
    if (!vite)
      throw new UsageError(
        `${file} is TypeScript, and reading it needs Vite, which is not installed here. Rename it to csp-hashes.config.mjs, or install vite.`,
      )
    return (await vite.loadConfigFromFile({ command: 'build', mode: 'production' }, file, cwd))?.config
  } catch (error) {
    throw failed(file, error)
  }
}

async function fromVite(file: string, cwd: string): Promise<Config> {
  const vite = await findVite(cwd)
  if (!vite)
    throw new UsageError(
      `Reading ${file} needs Vite, which is not installed here. Install vite, or write csp-hashes.config.mjs.`,
    )
  let loaded: LoadedConfig | null
  try {
    loaded = await vite.loadConfigFromFile({ command: 'build', mode: 'production' }, file, cwd, 'silent')
  } catch (error) {
    throw failed(file, error)
  }
  const plugin = (await plugins(loaded?.config.plugins)).find((one) => one.name === NAME)
  const base = loaded?.config.base
  return {
    options: { ...plugin?.api?.options, ...(typeof base === 'string' && base !== '' ? { base } : {}) },
    file: plugin ? file : undefined,
  }
}

interface LoadedPlugin {
  readonly name?: unknown
  readonly api?: { readonly options?: Options }
}

/** Plugins may be nested arrays, promises, or falsy values. */
async function plugins(value: unknown): Promise<LoadedPlugin[]> {
  const settled = await value
  if (Array.isArray(settled)) return (await Promise.all(settled.map(plugins))).flat()
  return typeof settled === 'object' && settled !== null ? [settled] : []
}

/** The Vite that is installed in the project. */
async function findVite(cwd: string): Promise<ViteModule | undefined> {
  let file: string
  try {
    file = createRequire(join(cwd, 'noop.js')).resolve('vite')
  } catch {
    return undefined
  }
  return (await import(pathToFileURL(file).href)) as ViteModule
}

function failed(file: string, error: unknown): UsageError {
  if (error instanceof UsageError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new UsageError(`${file} cannot be loaded: ${message}`, { cause: error })
}
