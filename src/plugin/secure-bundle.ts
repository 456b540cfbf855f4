import type { Finding } from '../core/findings/index.ts'
import type { ResolvedOptions } from '../options.ts'
import { type SecuredSite, secureSite } from '../pipeline.ts'
import type { BundleSite } from './bundle-site.ts'
import type { RebuildCache } from './rebuild-cache.ts'

export interface SecuredBundle {
  readonly secured: SecuredSite
  /** What was found wrong with scripts while the graph was read. */
  readonly graphFindings: readonly Finding[]
}

/** Secures the pages of a bundle. `cache` is for builds that are repeated after each change. */
export function secureBundle(
  read: Pick<BundleSite, 'site' | 'graphFindings'>,
  options: ResolvedOptions,
  cache?: RebuildCache,
): SecuredBundle {
  cache?.next()
  const secured = secureSite(read.site, options, cache)
  return { secured, graphFindings: read.graphFindings() }
}
