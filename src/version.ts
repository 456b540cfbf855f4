import { createRequire } from 'node:module'

/**
 * The version of this package. Resolved by package name, because the depth of this module differs between `src`
 * and the bundle.
 */
export function version(): string {
  const manifest: unknown = createRequire(import.meta.url)('vite-plugin-csp-hashes/package.json')
  return String((manifest as { readonly version?: unknown }).version)
}
