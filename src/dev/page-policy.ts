import { decidingDirective, type DirectiveName, isDirectiveName } from '../core/csp/directives.ts'
import { type Need, need } from '../core/csp/need.ts'
import { buildPolicies } from '../core/csp/policy.ts'
import { isHashOrNonce } from '../core/csp/source-expression.ts'
import { pageNeeds } from '../core/needs/page-needs.ts'
import { trustedScripts } from '../core/page/pin.ts'
import type { Policy, ScannedPage, Source } from '../core/site/model.ts'
import type { ResolvedOptions } from '../options.ts'

export interface DevServerFacts {
  readonly base: string
  /** The origin of assets, if `server.origin` is set. */
  readonly origin: string | undefined
  /** Path of the endpoint that receives reports. */
  readonly endpoint: string
}

const own = (expression: string): Source => ({ expression, reason: { kind: 'shape', shape: 'dev' } })

/**
 * Sources that a build grants when it finds a need for them in the bundle. Without a bundle, grant them to every
 * page.
 */
const UNSEEN: readonly (readonly [DirectiveName, readonly string[]])[] = [
  ['script-src-elem', ["'self'"]],
  ['style-src', ["'self'"]],
  ['img-src', ["'self'", 'data:', 'blob:']],
  ['font-src', ["'self'", 'data:']],
  ['media-src', ["'self'", 'data:', 'blob:']],
  ['connect-src', ["'self'", 'data:']],
  ['worker-src', ["'self'", 'blob:']],
  ['manifest-src', ["'self'"]],
]

/** Sources that Vite's own client needs: it connects to its server, and creates style elements with the nonce. */
function forVite(nonce: string, origin: string | undefined): [DirectiveName, readonly string[]][] {
  const origins = origin === undefined ? [] : [origin]
  return [
    ['connect-src', ["'self'", 'ws:', 'wss:', ...origins]],
    ['style-src', [`'nonce-${nonce}'`, "'self'", ...origins]],
    ['worker-src', ["'self'", 'blob:']],
    ['img-src', origins],
    ['font-src', origins],
    ['media-src', origins],
  ]
}

function open(
  directives: Map<string, readonly Source[]>,
  name: DirectiveName,
  sources: readonly string[],
): void {
  const deciding = decidingDirective(name, directives)
  // 'strict-dynamic' already allows workers of trusted scripts.
  if (deciding === undefined || sources.length === 0 || (name === 'worker-src' && deciding === 'script-src'))
    return
  const list = (directives.get(deciding) ?? []).filter(({ expression }) => expression !== "'none'")
  const inForce =
    list.some(({ expression }) => expression === "'unsafe-inline'") &&
    !list.some(({ expression }) => isHashOrNonce(expression))
  const added = sources.filter(
    (source) => !(inForce && isHashOrNonce(source)) && !list.some(({ expression }) => expression === source),
  )
  directives.set(name, [...list, ...added.map(own)])
}

const SAMPLED: ReadonlySet<string> = new Set([
  'script-src',
  'script-src-elem',
  'script-src-attr',
  'style-src',
  'style-src-elem',
  'style-src-attr',
  'default-src',
])

/** The policies of a page of the development server: as close to those of the build as hot updates permit. */
export function devPolicies(
  page: ScannedPage,
  nonce: string,
  options: ResolvedOptions,
  { base, origin }: DevServerFacts,
): { readonly policies: readonly Policy[]; readonly needs: readonly Need[] } {
  const { external, scripts, algorithm, unsafeHashes } = options
  const trusted = trustedScripts(external, scripts)
  const unseen = UNSEEN.flatMap(([name, sources]) => sources.map((source) => need(name, source, 'vite dev')))
  const needs = [...pageNeeds({ base }, page, { algorithm, unsafeHashes, stylesDecided: true }), ...unseen]
  const policies = buildPolicies(
    {
      inlineScripts: [own(`'nonce-${nonce}'`)],
      scriptFiles: trusted.hashes,
      scriptLocations: ["'self'", ...(origin === undefined ? [] : [origin])].map(own),
      foreignScripts: [...trusted.foreign, ...(origin === undefined ? [] : [own(origin)])],
      needs,
    },
    // Vite's own error overlay does not work under Trusted Types.
    { ...options, nonce: undefined, trustedTypes: undefined, reportOnly: false },
  )
  const opened = policies.map((policy) => {
    if (policy.role === 'fence') return policy
    const directives = new Map(policy.directives)
    for (const [name, sources] of forVite(nonce, origin)) open(directives, name, sources)
    return { ...policy, directives }
  })
  return { policies: opened, needs }
}

/** The policies as one header value, with samples and the report endpoint. */
export function policyHeader(policies: readonly Policy[], endpoint: string): string {
  return policies
    .map(({ directives }) => {
      const written = [...directives]
        .filter(([name]) => isDirectiveName(name) && name !== 'report-to' && name !== 'report-uri')
        .map(([name, sources]) => {
          const sample = SAMPLED.has(name) ? ["'report-sample'"] : []
          return [name, ...sources.map(({ expression }) => expression), ...sample].join(' ')
        })
      return [...written, `report-uri ${endpoint}`].join('; ')
    })
    .join(', ')
}
