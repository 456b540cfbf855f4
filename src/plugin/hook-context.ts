import type { ResolvedConfig, Rollup } from 'vite'
import type { Finding } from '../core/findings/index.ts'
import { messagesText, messageTexts, summaryText, type TellSettings } from '../summary.ts'

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
    const errors = findings.filter(({ severity }) => severity === 'error')
    if (errors.length > 0) {
      // The place of the error is in the message; where this package found it out is of no use to anybody.
      const error = { message: messagesText(errors, this.settings), code: errors[0]?.code ?? '', stack: '' }
      this.plugin.error(error)
    }
    for (const [severity, text] of messageTexts(findings, this.settings))
      this.log(severity === 'info' ? 'info' : 'warn', text)
  }

  /** For hooks that nobody awaits, where an error would end the process. */
  reportWithoutFailing(findings: readonly Finding[]): void {
    if (findings.length > 0) this.config?.logger.error(`\n[${NAME}] ${messagesText(findings, this.settings)}`)
  }

  private get settings(): TellSettings {
    // What `vite build --debug csp-hashes` and a bare `--debug` set.
    return { door: 'plugin', verbose: /csp-hashes|vite:\*/.test(process.env['DEBUG'] ?? '') }
  }

  summarise(site: Parameters<typeof summaryText>[0]): void {
    this.config?.logger.info(`\n${NAME}\n${summaryText(site)}`)
  }

  private log(level: 'info' | 'warn', text: string): void {
    if (this.config) this.config.logger[level](`\n[${NAME}] ${text}`)
    else this.plugin[level](text)
  }
}
