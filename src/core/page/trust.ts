import type { PinSettings } from './pin.ts'
import type { ScriptShape } from '../csp/policy.ts'
import { documentBaseUrl } from '../site/urls.ts'
import { hashSource } from '../csp/hash-source.ts'
import type { Source } from '../site/model.ts'

/** What the option `external` lets in. */
export interface Trusted {
  /** Of the site itself. */
  readonly urls: readonly URL[]
  /** Origins and URLs elsewhere. */
  readonly foreign: readonly Source[]
  readonly hashes: readonly Source[]
}

/** What the user trusts may be loaded at run time, so it is let in wherever scripts run. */
export function trustedScripts(external: PinSettings['external'], scripts: ScriptShape): Trusted {
  const [urls, foreign, hashes]: [URL[], Source[], Source[]] = [[], [], []]
  for (const [key, trust] of external) {
    const reason: Source['reason'] = { kind: 'option', option: `external['${key}']` }
    if (key.startsWith('/')) urls.push(new URL(key, documentBaseUrl({ base: '/' }, '', undefined)))
    else if (trust === true || scripts !== 'dynamic') foreign.push({ expression: key, reason })
    if (trust !== true) hashes.push(hashSource(trust, reason))
  }
  return { urls, foreign, hashes }
}
