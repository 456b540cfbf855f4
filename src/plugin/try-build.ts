import type { ResolvedOptions } from '../options.ts'
import { mountOf } from '../outputs/snippet.ts'
import { tryText } from '../try/result-text.ts'
import { trySite } from '../try/run.ts'
import type { OutputDirectory } from './build-state.ts'
import type { HookContext } from './hook-context.ts'

const MOST_PAGES = 20

/** Opens the pages of a build in a real browser, and fails the build if the browser blocks anything. */
export async function tryBuilds(
  context: HookContext,
  written: Iterable<readonly [path: string, directory: OutputDirectory]>,
  { findings }: Pick<ResolvedOptions, 'findings'>,
): Promise<void> {
  const { config } = context
  for (const [path, { secured }] of written) {
    if (!config || !secured) continue
    const result = await trySite({
      subject: path,
      mount: mountOf(config),
      project: config.root,
      listed: secured.pages.map((page) => page.path),
      pages: MOST_PAGES,
      browser: undefined,
      importAll: true,
      script: undefined,
      without: false,
      findings,
      signal: new AbortController().signal,
      onProgress: () => undefined,
    })
    const text = tryText(result)
    if (!result.ok) context.plugin.error({ message: text, code: result.findings[0]?.code ?? 'bare' })
    config.logger.info(`\n${text}`)
  }
}
