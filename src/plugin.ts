import { resolve } from 'node:path'
import type { Plugin } from 'vite'
import { devConfig, overlayTags, servePolicy } from './dev/hooks.ts'
import { type Options, resolveOptions } from './options.ts'
import { secureAppPages } from './plugin/app-pages.ts'
import type { BuildState } from './plugin/build-state.ts'
import { HookContext, NAME } from './plugin/hook-context.ts'
import { PRELOAD_HELPER, transformPreloadHelper } from './plugin/preload-helper.ts'
import { reportPageless } from './plugin/no-page.ts'
import { previewOrigin } from './plugin/preview-origin.ts'
import { previewHeaders } from './plugin/preview.ts'

type Finish = typeof import('./plugin/finish-bundle.ts')

/**
 * A hash-based strict Content-Security-Policy for every page of the build.
 *
 * @throws {OptionsError} with every problem that the options have
 */
export function cspHashes(options: Options = {}): Plugin {
  const resolved = resolveOptions(options)
  const state: BuildState = {
    options: resolved,
    outputAsked: options.output !== undefined,
    directories: new Map(),
    pageless: new Set(),
    config: undefined,
    helperUnknown: false,
    cache: undefined,
  }
  let loading: Promise<Finish> | undefined
  /** The parsers are loaded while the bundler works. */
  const finish = (): Promise<Finish> => (loading ??= import('./plugin/finish-bundle.ts'))

  return {
    name: NAME,
    enforce: 'post',
    apply: (_, { command, isPreview }) =>
      command === 'build' || isPreview === true || resolved.dev !== undefined,
    applyToEnvironment: (environment) => environment.config.consumer === 'client',
    /** For the command, which may find its options in the configuration of Vite. */
    api: { options },

    config: (config, { command, isPreview }) =>
      command === 'serve' && !isPreview ? devConfig(resolved, config) : undefined,

    configResolved(config) {
      state.config = config
      moveToEnd(config.plugins as Plugin[])
    },

    buildStart() {
      // Avoid an unhandled rejection; whoever awaits the promise gets the error.
      finish().catch(() => undefined)
    },

    configureServer(server) {
      servePolicy(server, resolved, NAME)
    },

    transformIndexHtml: (_, { server }) => overlayTags(resolved, server),

    configurePreviewServer(server) {
      // The first to be asked is the last to see the headers.
      previewOrigin(server)
      previewHeaders(server, resolved.outputs)
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
        const context = new HookContext(this, state.config)
        const { config } = context
        if (config?.build.ssr) return
        if (config?.build.lib) {
          state.pageless.add(output.dir ?? resolve(config.root, config.build.outDir))
          return
        }
        const { finishBundle } = await finish()
        await finishBundle(state, context, output, bundle)
      },
    },

    // Frameworks that prerender in an app build write their pages when every bundle is done.
    buildApp: {
      order: 'post',
      async handler() {
        const bare = [...state.directories].filter(([, { secured }]) => !secured)
        if (!state.config) return
        const { findings, secured } = await secureAppPages(
          bare.map(([path]) => path),
          options,
          state.config,
        )
        const context = new HookContext(this, state.config)
        context.report(findings)
        for (const path of secured) state.pageless.delete(path)
        reportPageless(state, context)
      },
    },

    writeBundle: {
      order: 'post',
      sequential: true,
      async handler(output) {
        const context = new HookContext(this, state.config)
        const { config } = context
        const path = output.dir ?? (config && resolve(config.root, config.build.outDir))
        const directory = path === undefined ? undefined : state.directories.get(path)
        if (path === undefined || !directory?.secured) return
        directory.written = true
        // `closeBundle` reads back at the very end, but it is not awaited while files are watched.
        if (context.watching || !config)
          context.report((await finish()).readBack(path, directory.secured, resolved))
        context.summarise(directory.secured)
      },
    },

    closeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        const context = new HookContext(this, state.config)
        const { closeDirectory } = await finish()
        for (const [path, directory] of state.directories) closeDirectory(state, context, path, directory)
        // Where an app is built, its pages may be written when all of its bundles are.
        if (!state.config?.builder) reportPageless(state, context)
      },
    },
  }
}

/** Plugins that inline or rename files may be listed behind this one: the last place sees the final bytes. */
function moveToEnd(plugins: Plugin[]): void {
  const index = plugins.findIndex((plugin) => plugin.name === NAME)
  if (index !== -1) plugins.push(...plugins.splice(index, 1))
}
