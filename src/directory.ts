import { resolve } from 'node:path'
import type { DirectoryOptions, DirectoryResult } from './directory/api.ts'
import type { Walk } from './files/walk.ts'
import { resolveBase, type ResolvedOptions, resolveOptions } from './options.ts'

export { DirectoryError, type DirectoryErrorCode } from './files/errors.ts'
export type { DirectoryOptions, DirectoryPage, DirectoryResult, FileChange } from './directory/api.ts'

/**
 * Protects a built site: runs the pipeline of the plugin on the files of a directory. Either all pages are written or
 * none. Problems of the site are returned as findings and do not throw.
 *
 * @throws {OptionsError} if any option is invalid; it lists all problems
 * @throws {DirectoryError} if the directory or a file cannot be read or written; no file is changed then
 */
export async function secureDirectory(
  directory: string,
  options: DirectoryOptions = {},
): Promise<DirectoryResult> {
  // Imported on demand, so that a Vite config that imports the plugin does not load the parsers.
  const { walkSite } = await import('./directory/run.ts')
  return secureListed((globs) => walkSite(directory, globs), options)
}

/** Like `secureDirectory`, for a directory whose files are already listed. */
export async function secureListed(
  list: (globs: ResolvedOptions['pages']) => Walk,
  options: DirectoryOptions = {},
): Promise<DirectoryResult> {
  const {
    base,
    out,
    dryRun = false,
    project = '.',
    threads,
    cache,
    signal,
    onProgress,
    onChange,
    ...pipeline
  } = options
  const resolved = resolveOptions(pipeline)
  const { DirectoryRun, removeLeftovers } = await import('./directory/run.ts')
  const found = list(resolved.pages)
  if (!dryRun) removeLeftovers(found.leftovers)
  const settings = {
    base: resolveBase(base),
    out,
    dryRun,
    project: resolve(project),
    threads,
    cache,
    signal,
    onProgress,
    onChange,
  }
  return (await DirectoryRun.of(found, resolved, settings)).go()
}
