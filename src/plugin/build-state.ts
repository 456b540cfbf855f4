import { resolve } from 'node:path'
import type { ResolvedConfig, Rollup } from 'vite'
import type { Options, ResolvedOptions } from '../options.ts'
import type { SecuredSite } from '../pipeline.ts'
import type { EmittedFiles } from './bundle-site.ts'
import type { RebuildCache } from './rebuild-cache.ts'

/** The state of one output directory during a build. Several outputs may write to it. */
export interface OutputDirectory {
  readonly emitted: EmittedFiles
  /** `undefined` if none of its bundles had a page. */
  secured?: SecuredSite
  /** Whether it was written and `closeBundle` has not read it back yet. */
  written?: boolean
}

/** State shared by the hooks of the plugin. */
export interface BuildState {
  readonly options: ResolvedOptions
  /** Whether the user set the option `output`. */
  readonly outputAsked: boolean
  readonly directories: Map<string, OutputDirectory>
  /** Output directories without a page so far, for which no message was shown yet. */
  readonly pageless: Set<string>
  config: ResolvedConfig | undefined
  /** Whether Vite's preload helper was found but did not look as expected. */
  helperUnknown: boolean
  /** Set only in watch mode. */
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

/** The directory of an output; `undefined` if plain Rollup writes a single file. */
export function outputPath(
  config: ResolvedConfig | undefined,
  { dir }: Pick<Rollup.NormalizedOutputOptions, 'dir'>,
): string | undefined {
  return dir ?? (config && resolve(config.root, config.build.outDir))
}
