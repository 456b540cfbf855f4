import type { HtmlTagDescriptor, UserConfig, ViteDevServer } from 'vite'
import type { ResolvedOptions } from '../options.ts'
import { NONCE_PLACEHOLDER } from './page-response.ts'

/** The configuration that a development server needs, and nothing for a build. */
export function devConfig({ dev }: ResolvedOptions, config: UserConfig): UserConfig | undefined {
  // Whoever sets a nonce has a server that replaces it, so the pages are in its hands.
  return dev && config.html?.cspNonce === undefined ? { html: { cspNonce: NONCE_PLACEHOLDER } } : undefined
}

/** Puts the pages of a development server under the policy. */
export function servePolicy(server: ViteDevServer, options: ResolvedOptions, name: string): void {
  const { dev } = options
  if (!dev || server.config.html?.cspNonce !== NONCE_PLACEHOLDER) return
  const settings = { mode: dev.mode, overlay: showsOverlay(options, server.config.server.hmr) }
  // Parsers are loaded after the server has started.
  let loading:
    | Promise<{ handle: (typeof import('./dev-server.ts'))['DevPolicy']['prototype']['handle'] }>
    | undefined
  const load = () =>
    (loading ??= import('./dev-server.ts').then(
      ({ DevPolicy }) => new DevPolicy(server, options, settings, name),
    ))
  server.httpServer?.once('listening', () => {
    // Whoever asks for the first page gets the error.
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

/** The script of the overlay, for pages of a development server. */
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
