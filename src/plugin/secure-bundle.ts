import type { Finding } from '../core/findings/index.ts'
import type { ResolvedOptions } from '../options.ts'
import { type PipelineMemory, type SecuredSite, secureSite } from '../pipeline.ts'
import type { BundleSite } from './bundle-site.ts'

export interface SecuredBundle {
  readonly secured: SecuredSite
  /** What was found wrong with scripts while the graph was read. */
  readonly graphFindings: readonly Finding[]
}

/** Secures the pages of a bundle. `memory` is for those who do it again after each change. */
export function secureBundle(
  read: Pick<BundleSite, 'site' | 'surroundings' | 'graphFindings'>,
  options: ResolvedOptions,
  memory?: PipelineMemory,
): SecuredBundle {
  memory?.next(read.surroundings())
  const secured = secureSite(read.site, options, memory)
  const graphFindings = read.graphFindings()
  // Whoever reads a script first tells them, and a page that is remembered reads none.
  if (graphFindings.length > 0) memory?.forgetPages()
  return { secured, graphFindings }
}
