import { resolve } from 'node:path'
import type { DirectoryOptions, DirectoryResult } from './directory/api.ts'
import type { Walk } from './files/walk.ts'
import { resolveBase, type ResolvedOptions, resolveOptions } from './options.ts'

export { DirectoryError, type DirectoryErrorCode } from './files/errors.ts'
export type { DirectoryOptions, DirectoryPage, DirectoryResult, FileChange } from './directory/api.ts'

/**
 * Protects a built site: the same pipeline as the plugin, over the files of a directory. All pages are written or none.
 *
 * @throws {OptionsError} with every problem that the options have
 * @throws {DirectoryError} if the directory or a file cannot be read or written; nothing is changed then
 */
export async function secureDirectory(
  directory: string,
  options: DirectoryOptions = {},
): Promise<DirectoryResult> {
  // Loaded here, so that a configuration of Vite that imports the plugin does not wait for parsers.
  const { walkSite } = await import('./directory/run.ts')
  return secureListed((globs) => walkSite(directory, globs), options)
}

/** The same for a directory that is already listed. */
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
