import { createRequire } from 'node:module'

/** The version of this package, found by its name: modules lie at one depth in `src` and at another in the bundle. */
export function version(): string {
  const manifest: unknown = createRequire(import.meta.url)('vite-plugin-csp-hashes/package.json')
  return String((manifest as { readonly version?: unknown }).version)
}
