import { resolve } from 'node:path'
import type { ResolvedConfig, Rollup } from 'vite'
import type { Options, ResolvedOptions } from '../options.ts'
import type { SecuredSite } from '../pipeline.ts'
import type { EmittedFiles } from './bundle-site.ts'
import type { RebuildCache } from './rebuild-cache.ts'

/** One output directory between the hooks of a build. Several outputs may write to it. */
export interface OutputDirectory {
  readonly emitted: EmittedFiles
  /** `undefined` if none of its bundles had a page. */
  secured?: SecuredSite
  /** Whether it is written, and not yet read back by `closeBundle`. */
  written?: boolean
}

/** What the hooks of the plugin share. */
export interface BuildState {
  readonly options: ResolvedOptions
  /** Whether the user names an output. */
  readonly outputAsked: boolean
  readonly directories: Map<string, OutputDirectory>
  /** Output directories without any page so far, of which that is not told yet. */
  readonly pageless: Set<string>
  config: ResolvedConfig | undefined
  /** Whether Vite's preload helper was met and did not look as expected. */
  helperUnknown: boolean
  /** Only where files are watched. */
  cache: RebuildCache | undefined
}

export function newBuildState(resolved: ResolvedOptions, { output }: Options): BuildState {
  return {
    options: resolved,
    outputAsked: output !== undefined,
    directories: new Map(),
    pageless: new Set(),
    config: undefined,
    helperUnknown: false,
    cache: undefined,
  }
}

/** Where an output is written; `undefined` if plain Rollup writes a single file. */
export function outputPath(
  config: ResolvedConfig | undefined,
  { dir }: Pick<Rollup.NormalizedOutputOptions, 'dir'>,
): string | undefined {
  return dir ?? (config && resolve(config.root, config.build.outDir))
}
