import { resolve } from 'node:path'
import type { Plugin, ResolvedConfig, Rollup } from 'vite'
import { applyLevels, type Finding, finding } from './core/findings/index.ts'
import type { Site } from './core/site/model.ts'
import { type Options, resolveOptions } from './options.ts'
import type { SecuredSite } from './pipeline.ts'
import { secureAppPages } from './plugin/app-pages.ts'
import type { EmittedFiles } from './plugin/bundle-site.ts'
import { PRELOAD_HELPER, transformPreloadHelper } from './plugin/preload-helper.ts'
import { previewHeaders } from './plugin/preview.ts'
import { writeProjectFiles } from './plugin/disk.ts'
import type { RebuildCache } from './plugin/rebuild-cache.ts'
import { findingsText, summaryText } from './summary.ts'

const NAME = 'vite-plugin-csp-hashes'

/** What is remembered of one output directory between the hooks of a build. */
interface DirectoryState {
  readonly emitted: EmittedFiles
  secured?: SecuredSite
  /** Whether it lies on the disk, not yet read back at the end of the build. */
  written?: boolean
}

type BundleEnd = typeof import('./plugin/finish-bundle.ts')

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
  let loading: Promise<BundleEnd> | undefined
  let cache: RebuildCache | undefined

  const bundleEnd = (): Promise<BundleEnd> => (loading ??= import('./plugin/finish-bundle.ts'))

  const configOf = (context: Context): ResolvedConfig | undefined => context.environment?.config ?? topConfig

  function stateOf(directory: string, { EmittedFiles }: BundleEnd): DirectoryState {
    const state = directories.get(directory) ?? { emitted: new EmittedFiles() }
    directories.set(directory, state)
    return state
  }

  function tell(context: Context, findings: readonly Finding[]): void {
    const errors = findings.filter((found) => found.severity === 'error')
    if (errors.length > 0) context.error({ message: findingsText(errors), code: errors[0]?.code ?? '' })
    const warnings = findings.filter((found) => found.severity === 'warn')
    const logger = configOf(context)?.logger
    const infos = findings.filter((found) => found.severity === 'info')
    // A plain Rollup build has no logger of Vite's.
    const warn = (text: string): void => (logger ? logger.warn(`\n[${NAME}] ${text}`) : context.warn(text))
    const inform = (text: string): void => (logger ? logger.info(`\n[${NAME}] ${text}`) : context.info(text))
    if (warnings.length > 0) warn(findingsText(warnings))
    if (infos.length > 0) inform(findingsText(infos))
  }

  /** Back ends that render their own pages read the pins from the manifest, so it has them even without any page. */
  function pinManifest(
    bundle: Rollup.OutputBundle,
    config: ResolvedConfig | undefined,
    site: Site,
    { digest, manifestWithIntegrity, replaceAsset }: BundleEnd,
  ): Finding[] {
    const option = config?.build.manifest
    const path = option === true ? '.vite/manifest.json' : option || undefined
    const asset = path === undefined ? undefined : bundle[path]
    if (path === undefined || asset?.type !== 'asset') return []
    const json = manifestWithIntegrity(Buffer.from(asset.source).toString(), (file) => {
      const bytes = site.file(file)
      return bytes && digest(bytes, resolved.algorithm)
    })
    return json === undefined ? [] : replaceAsset(bundle, path, json)
  }

  /** Reads back what was written, and again when every other plugin is done. */
  async function readBack(directory: string, secured: SecuredSite): Promise<Finding[]> {
    const { checkDisk } = await bundleEnd()
    const pages = new Map(secured.pages.map(({ path, html }) => [path, html]))
    return applyLevels(checkDisk(directory, { pages, pins: secured.pins }), resolved.findings)
  }

  return {
    name: NAME,
    enforce: 'post',
    apply: (_, { command, isPreview }) => command === 'build' || isPreview === true,
    applyToEnvironment: (environment) => environment.config.consumer === 'client',
    /** For the command, which may find its options in the configuration of Vite. */
    api: { options },

    configResolved(config) {
      topConfig = config
      // Plugins that inline or rename files may be listed behind this one: the last place sees the final bytes.
      const plugins = config.plugins as Plugin[]
      const index = plugins.findIndex((plugin) => plugin.name === NAME)
      if (index !== -1) plugins.push(...plugins.splice(index, 1))
    },

    buildStart() {
      // Who waits for it hears of a failure.
      bundleEnd().catch(() => undefined)
    },

    configurePreviewServer(server) {
      previewHeaders(server, resolved.outputs)
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
      async handler(output, bundle) {
        const context = this as unknown as Context
        const config = configOf(context)
        if (config?.build.ssr || config?.build.lib) return
        const end = await bundleEnd()
        const outDir = config ? resolve(config.root, config.build.outDir) : output.dir
        const state = stateOf(output.dir ?? outDir ?? '', end)
        for (const one of await end.emitDataModules(this, bundle)) state.emitted.addDataModule(one)
        state.emitted.add(bundle)
        const urls = end.builtUrls(config, () => Object.keys(bundle))
        const read = end.bundleSite(bundle, state.emitted, {
          root: config?.root,
          publicDir: config?.build.copyPublicDir && config.publicDir ? config.publicDir : undefined,
          outDir: config?.build.write === false ? undefined : outDir,
          urls,
        })
        const { site, unreadable, publicPages } = read
        const stale = [...end.orphanedCopies(bundle), ...pinManifest(bundle, config, site, end)]
        if (site.pages.length === 0) return tell(context, applyLevels(stale, resolved.findings))
        if (this.meta.watchMode) cache ??= new end.RebuildCache()
        const { secured, graphFindings } = end.secureBundle(read, resolved, cache)
        const runtimeFile = urls.runtimeFile(state.emitted.lazyStyles())
        const own = [
          ...stale,
          ...graphFindings,
          ...(runtimeFile === undefined ? [] : [finding('import-map-runtime', { file: runtimeFile })]),
          ...unreadable.map((file) => finding('page-encoding', {}, { file, source: '', offset: 0 })),
          ...(helperUnknown ? [finding('preload-helper-unknown', {})] : []),
        ]
        for (const { path, html } of secured.pages) {
          if (publicPages.has(path)) this.emitFile({ type: 'asset', fileName: path, source: html })
          else own.push(...end.replaceAsset(bundle, path, html))
        }
        tell(context, [...secured.findings, ...applyLevels(own, resolved.findings)])
        for (const { path, content } of secured.files.filter((file) => file.root === 'site'))
          this.emitFile({ type: 'asset', fileName: path, source: content })
        state.secured = secured
        if (config && !config.build.write) config.logger.info(`\n${NAME}\n${summaryText(secured)}`)
      },
    },

    // Frameworks that prerender in an app build write their pages when every bundle is done.
    buildApp: {
      order: 'post',
      async handler() {
        const bare = [...directories].filter(([, { secured }]) => !secured).map(([directory]) => directory)
        if (topConfig) tell(this as unknown as Context, await secureAppPages(bare, options, topConfig))
      },
    },

    writeBundle: {
      order: 'post',
      sequential: true,
      async handler(output) {
        const context = this as unknown as Context
        const config = configOf(context)
        const directory = output.dir ?? (config && resolve(config.root, config.build.outDir))
        const state = directory === undefined ? undefined : directories.get(directory)
        if (directory === undefined || !state?.secured) return
        state.written = true
        // One look is enough where `closeBundle` has the last word; while files are watched, nobody awaits that hook.
        if (context.meta.watchMode || !config) tell(context, await readBack(directory, state.secured))
        config?.logger.info(`\n${NAME}\n${summaryText(state.secured)}`)
      },
    },

    closeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        const context = this as unknown as Context
        for (const [directory, state] of directories) {
          if (!state.secured || !state.written) continue
          state.written = false
          const findings = await readBack(directory, state.secured)
          // Nobody awaits this hook while files are watched: an error would end the process.
          if (context.meta.watchMode && findings.length > 0)
            configOf(context)?.logger.error(`\n[${NAME}] ${findingsText(findings)}`)
          else tell(context, findings)
          // The user's own files come last, when all else has gone well.
          const project = state.secured.files.filter((file) => file.root === 'project')
          if (topConfig && findings.every(({ severity }) => severity !== 'error'))
            writeProjectFiles(topConfig.root, project)
        }
      },
    },
  }
}
