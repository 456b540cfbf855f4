import type { ResolvedConfig, Rollup } from 'vite'
import type { Finding } from '../core/findings/index.ts'
import { messagesText, messageTexts, summaryText, type TellSettings } from '../summary.ts'

export const NAME = 'vite-plugin-csp-hashes'

type ViteContext = Rollup.PluginContext & { readonly environment?: { readonly config: ResolvedConfig } }

/**
 * The build that calls a hook: of Vite, or of plain Rollup, which has neither a resolved configuration nor a
 * logger.
 */
export class HookContext {
  readonly plugin: Rollup.PluginContext
  readonly config: ResolvedConfig | undefined

  /** `top` is the configuration of the whole build: before version 6, Vite has none per environment. */
  constructor(hook: unknown, top: ResolvedConfig | undefined) {
    const context = hook as ViteContext
    this.plugin = context
    this.config = context.environment?.config ?? top
  }

  get watching(): boolean {
    return this.plugin.meta.watchMode
  }

  /** Fails the build if one of the findings is an error, otherwise logs them. */
  report(findings: readonly Finding[]): void {
    const errors = findings.filter(({ severity }) => severity === 'error')
    if (errors.length > 0) {
      // The message contains the place of the error; the stack of this package would not help the user.
      const error = { message: messagesText(errors, this.settings), code: errors[0]?.code ?? '', stack: '' }
      this.plugin.error(error)
    }
    for (const [severity, text] of messageTexts(findings, this.settings))
      this.log(severity === 'info' ? 'info' : 'warn', text)
  }

  /** Use this in hooks that Vite does not await, where an error would end the process. */
  reportWithoutFailing(findings: readonly Finding[]): void {
    if (findings.length > 0) this.config?.logger.error(`\n[${NAME}] ${messagesText(findings, this.settings)}`)
  }

  private get settings(): TellSettings {
    // Set by `vite build --debug csp-hashes` and by a bare `--debug`.
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
