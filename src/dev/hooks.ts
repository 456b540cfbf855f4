import type { HtmlTagDescriptor, UserConfig, ViteDevServer } from 'vite'
import type { ResolvedOptions } from '../options.ts'
import { NONCE_PLACEHOLDER } from './page-response.ts'

/** The configuration needed by a development server; `undefined` for a build. */
export function devConfig({ dev }: ResolvedOptions, config: UserConfig): UserConfig | undefined {
  // If the user set a nonce, their server replaces it and is responsible for the pages.
  return dev && config.html?.cspNonce === undefined ? { html: { cspNonce: NONCE_PLACEHOLDER } } : undefined
}

/** Applies the policy to the pages of a development server. */
export function servePolicy(server: ViteDevServer, options: ResolvedOptions, name: string): void {
  const { dev } = options
  if (!dev || server.config.html?.cspNonce !== NONCE_PLACEHOLDER) return
  const settings = { mode: dev.mode, overlay: showsOverlay(options, server.config.server.hmr) }
  // The parsers are loaded after the server has started.
  let loading:
    | Promise<{ handle: (typeof import('./dev-server.ts'))['DevPolicy']['prototype']['handle'] }>
    | undefined
  const load = () =>
    (loading ??= import('./dev-server.ts').then(
      ({ DevPolicy }) => new DevPolicy(server, options, settings, name),
    ))
  server.httpServer?.once('listening', () => {
    // Avoid an unhandled rejection; the first page request gets the error.
    load().catch(() => undefined)
  })
  server.middlewares.use((request, response, next) => {
    load().then((policy) => policy.handle(request, response, next), next)
  })
}

function showsOverlay({ dev }: ResolvedOptions, hmr: ViteDevServer['config']['server']['hmr']): boolean {
  return (
    dev !== undefined && dev.overlay && hmr !== false && !(typeof hmr === 'object' && hmr.overlay === false)
  )
}

/** The script tag of the overlay, for pages of a development server. */
export function overlayTags(
  options: ResolvedOptions,
  server: ViteDevServer | undefined,
): HtmlTagDescriptor[] {
  if (
    !server ||
    server.config.html?.cspNonce !== NONCE_PLACEHOLDER ||
    !showsOverlay(options, server.config.server.hmr)
  )
    return []
  const src = `${server.config.base}@csp-hashes/overlay.js`
  return [{ tag: 'script', attrs: { type: 'module', src }, injectTo: 'head' }]
}
