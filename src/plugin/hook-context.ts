import type { ResolvedConfig, Rollup } from 'vite'
import type { Finding } from '../core/findings/index.ts'
import { findingsText, summaryText } from '../summary.ts'

export const NAME = 'vite-plugin-csp-hashes'

type ViteContext = Rollup.PluginContext & { readonly environment?: { readonly config: ResolvedConfig } }

/** The build that calls a hook: one of Vite, or one of plain Rollup, which has neither configuration nor logger. */
export class HookContext {
  readonly plugin: Rollup.PluginContext
  readonly config: ResolvedConfig | undefined

  /** `top` is the configuration of the whole build: before version 6, Vite has none for each environment. */
  constructor(hook: unknown, top: ResolvedConfig | undefined) {
    const context = hook as ViteContext
    this.plugin = context
    this.config = context.environment?.config ?? top
  }

  get watching(): boolean {
    return this.plugin.meta.watchMode
  }

  /** Fails the build if one of the findings is an error, and logs them otherwise. */
  report(findings: readonly Finding[]): void {
    const of = (severity: Finding['severity']): Finding[] =>
      findings.filter((found) => found.severity === severity)
    const [errors, warnings, infos] = [of('error'), of('warn'), of('info')]
    if (errors.length > 0) this.plugin.error({ message: findingsText(errors), code: errors[0]?.code ?? '' })
    if (warnings.length > 0) this.log('warn', findingsText(warnings))
    if (infos.length > 0) this.log('info', findingsText(infos))
  }

  /** For hooks that nobody awaits, where an error would end the process. */
  reportWithoutFailing(findings: readonly Finding[]): void {
    if (findings.length > 0) this.config?.logger.error(`\n[${NAME}] ${findingsText(findings)}`)
  }

  summarise(site: Parameters<typeof summaryText>[0]): void {
    this.config?.logger.info(`\n${NAME}\n${summaryText(site)}`)
  }

  private log(level: 'info' | 'warn', text: string): void {
    if (this.config) this.config.logger[level](`\n[${NAME}] ${text}`)
    else this.plugin[level](text)
  }
}
