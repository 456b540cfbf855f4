import type { Plugin } from 'vite'
import { devConfig, overlayTags, servePolicy } from './dev/hooks.ts'
import { type Options, resolveOptions } from './options.ts'
import { secureAppPages } from './plugin/app-pages.ts'
import { newBuildState } from './plugin/build-state.ts'
import { HookContext, NAME } from './plugin/hook-context.ts'
import { PRELOAD_HELPER, transformPreloadHelper } from './plugin/preload-helper.ts'

/** Imports the module with the parsers; called early, so that it loads while the bundler works. */
const finish = (): Promise<typeof import('./plugin/finish-bundle.ts')> => import('./plugin/finish-bundle.ts')

/**
 * The Vite plugin. It gives every page of the build a strict Content-Security-Policy made of hashes, and pins the files
 * that the page loads.
 *
 * @throws {OptionsError} if any option is invalid; it lists all problems
 */
export function cspHashes(options: Options = {}): Plugin {
  const resolved = resolveOptions(options)
  const state = newBuildState(resolved, options)
  const contextOf = (hook: unknown): HookContext => new HookContext(hook, state.config)

  return {
    name: NAME,
    enforce: 'post',
    apply: (_, { command, isPreview }) =>
      command === 'build' || isPreview === true || resolved.dev !== undefined,
    applyToEnvironment: (environment) => environment.config.consumer === 'client',
    /** Read by the command, which may take its options from the configuration of Vite. */
    api: { options },

    config: (config, { command, isPreview }) =>
      command === 'serve' && !isPreview ? devConfig(resolved, config) : undefined,

    configResolved(config) {
      state.config = config
      moveToEnd(config.plugins as Plugin[])
    },

    buildStart() {
      if (state.config?.command === 'serve') return
      // Avoid an unhandled rejection; whoever awaits the promise gets the error.
      finish().catch(() => undefined)
    },

    configureServer(server) {
      servePolicy(server, resolved, NAME)
    },

    transformIndexHtml: (_, { server }) => overlayTags(resolved, server),

    async configurePreviewServer(server) {
      // Builds do not need the readers of host files, so load them here.
      const [{ previewOrigin }, { previewHeaders }] = await Promise.all([
        import('./plugin/preview-origin.ts'),
        import('./plugin/preview.ts'),
      ])
      // Wrappers run in reverse order: the middleware that is added first sees the headers last.
      previewOrigin(server)
      previewHeaders(server, resolved, NAME)
    },

    watchChange() {
      state.directories.clear()
    },

    transform: {
      order: 'post',
      filter: { id: PRELOAD_HELPER },
      handler(code, id) {
        if (!PRELOAD_HELPER.test(id)) return undefined
        const transformed = transformPreloadHelper(code)
        state.helperUnknown ||= !transformed
        return transformed
      },
    },

    generateBundle: {
      order: 'post',
      async handler(output, bundle) {
        const { finishBundle } = await finish()
        await finishBundle(state, contextOf(this), output, bundle)
      },
    },

    // In an app build, frameworks that prerender write their pages after all bundles.
    buildApp: {
      order: 'post',
      handler() {
        return secureAppPages(state, contextOf(this), options)
      },
    },

    writeBundle: {
      order: 'post',
      sequential: true,
      async handler(output) {
        const { bundleWritten } = await finish()
        bundleWritten(state, contextOf(this), output)
      },
    },

    closeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        const context = contextOf(this)
        const written = [...state.directories].filter(([, directory]) => directory.written)
        const { closeDirectories } = await finish()
        closeDirectories(state, context)
        if (!resolved.try || context.watching) return
        const { tryBuilds } = await import('./plugin/try-build.ts')
        await tryBuilds(context, written, resolved)
      },
    },
  }
}

/** Moves this plugin to the end, so that it sees the final bytes even if plugins after it inline or rename files. */
function moveToEnd(plugins: Plugin[]): void {
  const index = plugins.findIndex((plugin) => plugin.name === NAME)
  if (index !== -1) plugins.push(...plugins.splice(index, 1))
}
