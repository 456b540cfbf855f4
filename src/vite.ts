import { resolve } from 'node:path'
import type { Plugin, ResolvedConfig, Rollup } from 'vite'
import { applyLevels, type Finding, finding } from './core/findings.ts'
import { type Options, resolveOptions } from './options.ts'
import { type SecuredSite, secureSite } from './secure.ts'
import { builtUrls } from './vite/built-urls.ts'
import { bundleSite, EmittedFiles } from './vite/bundle-site.ts'
import { checkDisk } from './vite/disk-check.ts'
import { PRELOAD_HELPER, transformPreloadHelper } from './vite/preload-helper.ts'
import { findingsText, summaryTable } from './vite/report.ts'

const NAME = 'vite-plugin-csp-hashes'

/** What is remembered of one output directory between the hooks of a build. */
interface DirectoryState {
  readonly emitted: EmittedFiles
  secured?: SecuredSite
}

type Context = Rollup.PluginContext & { readonly environment?: { readonly config: ResolvedConfig } }

/**
 * A hash-based strict Content-Security-Policy for every page of the build.
 *
 * @throws {OptionsError} with every problem that the options have
 */
export function cspHashes(options: Options = {}): Plugin {
  const resolved = resolveOptions(options)
  const directories = new Map<string, DirectoryState>()
  let topConfig: ResolvedConfig | undefined
  let helperUnknown = false

  const configOf = (context: Context): ResolvedConfig | undefined => context.environment?.config ?? topConfig

  function stateOf(directory: string): DirectoryState {
    const state = directories.get(directory) ?? { emitted: new EmittedFiles() }
    directories.set(directory, state)
    return state
  }

  function tell(context: Context, findings: readonly Finding[]): void {
    const errors = findings.filter((found) => found.severity === 'error')
    if (errors.length > 0) context.error({ message: findingsText(errors), code: errors[0]?.code ?? '' })
    const warnings = findings.filter((found) => found.severity === 'warn')
    const logger = configOf(context)?.logger
    if (warnings.length > 0) logger?.warn(`\n[${NAME}] ${findingsText(warnings)}`)
    const infos = findings.filter((found) => found.severity === 'info')
    if (infos.length > 0) logger?.info(`\n[${NAME}] ${findingsText(infos)}`)
  }

  return {
    name: NAME,
    enforce: 'post',
    apply: 'build',
    applyToEnvironment: (environment) => environment.config.consumer === 'client',

    configResolved(config) {
      topConfig = config
      // Plugins that inline or rename files may be listed behind this one: the last place sees the final bytes.
      const plugins = config.plugins as Plugin[]
      const index = plugins.findIndex((plugin) => plugin.name === NAME)
      if (index !== -1) plugins.push(...plugins.splice(index, 1))
    },

    watchChange() {
      directories.clear()
    },

    transform: {
      order: 'post',
      filter: { id: PRELOAD_HELPER },
      handler(code, id) {
        if (!PRELOAD_HELPER.test(id)) return undefined
        const transformed = transformPreloadHelper(code)
        helperUnknown ||= !transformed
        return transformed
      },
    },

    generateBundle: {
      order: 'post',
      handler(output, bundle) {
        const context = this as unknown as Context
        const config = configOf(context)
        if (config?.build.ssr || config?.build.lib) return
        const outDir = config ? resolve(config.root, config.build.outDir) : output.dir
        const state = stateOf(output.dir ?? outDir ?? '')
        state.emitted.add(bundle)
        const { site, unreadable, publicPages } = bundleSite(bundle, state.emitted, {
          base: config?.base ?? '/',
          publicDir: config?.build.copyPublicDir && config.publicDir ? config.publicDir : undefined,
          outDir,
          urls: builtUrls(config, () => Object.keys(bundle)),
        })
        if (site.pages.length === 0) return
        const secured = secureSite(site, resolved)
        const own = [
          ...unreadable.map((file) => finding('page-encoding', {}, { file, source: '', offset: 0 })),
          ...(helperUnknown ? [finding('preload-helper-unknown', {})] : []),
        ]
        tell(context, [...secured.findings, ...applyLevels(own, resolved.findings)])
        for (const { path, html } of secured.pages) {
          const file = bundle[path]
          if (file?.type === 'asset') file.source = html
          else if (publicPages.has(path)) this.emitFile({ type: 'asset', fileName: path, source: html })
        }
        for (const { path, content } of secured.files)
          this.emitFile({ type: 'asset', fileName: path, source: content })
        state.secured = secured
        if (config && !config.build.write) config.logger.info(`\n${NAME}\n${summaryTable(secured)}`)
      },
    },

    writeBundle: {
      order: 'post',
      sequential: true,
      async handler(output) {
        const context = this as unknown as Context
        const config = configOf(context)
        const directory = output.dir ?? (config && resolve(config.root, config.build.outDir))
        const secured = directory === undefined ? undefined : directories.get(directory)?.secured
        if (!secured || directory === undefined) return
        const pages = new Map(secured.pages.map(({ path, html }) => [path, html]))
        tell(
          context,
          applyLevels(await checkDisk(directory, { pages, pins: secured.pins }), resolved.findings),
        )
        config?.logger.info(`\n${NAME}\n${summaryTable(secured)}`)
      },
    },
  }
}
