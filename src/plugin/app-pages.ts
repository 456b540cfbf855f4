import type { ResolvedConfig } from 'vite'
import type { Finding } from '../core/findings/index.ts'
import { DirectoryError, secureDirectory } from '../directory.ts'
import type { Options } from '../options.ts'
import { summaryText } from '../summary.ts'
import { NAME } from './hook-context.ts'

/**
 * Protects pages that a framework wrote after its bundles: those of directories that a client build wrote to, when
 * there was no page in its bundle. Directories that hold no page by then are left alone.
 */
export async function secureAppPages(
  directories: Iterable<string>,
  options: Options,
  config: Pick<ResolvedConfig, 'base' | 'root' | 'logger'>,
): Promise<{ findings: Finding[]; secured: string[] }> {
  const findings: Finding[] = []
  const secured: string[] = []
  for (const directory of directories) {
    try {
      const result = await secureDirectory(directory, { ...options, base: config.base, project: config.root })
      findings.push(...result.findings)
      secured.push(directory)
      if (result.written) config.logger.info(`\n${NAME}\n${summaryText(result)}`)
    } catch (error) {
      if (!(error instanceof DirectoryError) || !['no-page', 'no-directory'].includes(error.code)) throw error
    }
  }
  return { findings, secured }
}
