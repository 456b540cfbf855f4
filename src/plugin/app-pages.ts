import { DirectoryError, secureDirectory } from '../directory.ts'
import type { Options } from '../options.ts'
import type { BuildState } from './build-state.ts'
import type { HookContext } from './hook-context.ts'
import { reportPageless } from './no-page.ts'
import type { Finding } from '../core/findings/index.ts'

/**
 * Protects pages that a framework wrote after its bundles, in the output directories of client builds whose bundle
 * had no page. Directories that still contain no page are left alone.
 */
export async function secureAppPages(
  state: BuildState,
  context: HookContext,
  options: Options,
): Promise<void> {
  const { config, directories, pageless } = state
  if (!config) return
  const findings: Finding[] = []
  for (const [directory, { secured }] of directories) {
    if (secured?.pages.length) continue
    try {
      const result = await secureDirectory(directory, { ...options, base: config.base, project: config.root })
      findings.push(...result.findings)
      pageless.delete(directory)
      if (result.written) context.summarise(result)
    } catch (error) {
      if (!(error instanceof DirectoryError) || !['no-page', 'no-directory'].includes(error.code)) throw error
    }
  }
  context.report(findings)
  reportPageless(state, context)
}
