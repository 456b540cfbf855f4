import type { Directives } from './source-list.ts'
import { digest, type IntegrityHash } from './integrity.ts'
import type { SourceList } from './source-list.ts'
import { urlMatches } from './source-match.ts'

/**
 * Maps each directive to the directives that can govern its requests, in order of precedence.
 * @see https://www.w3.org/TR/CSP3/#directive-fallback-list
 */
const fallbacks = {
  'script-src-elem': ['script-src-elem', 'script-src', 'default-src'],
  'script-src-attr': ['script-src-attr', 'script-src', 'default-src'],
  'style-src-elem': ['style-src-elem', 'style-src', 'default-src'],
  'style-src-attr': ['style-src-attr', 'style-src', 'default-src'],
  'worker-src': ['worker-src', 'child-src', 'script-src', 'default-src'],
  'frame-src': ['frame-src', 'child-src', 'default-src'],
  'connect-src': ['connect-src', 'default-src'],
  'font-src': ['font-src', 'default-src'],
  'img-src': ['img-src', 'default-src'],
  'manifest-src': ['manifest-src', 'default-src'],
  'media-src': ['media-src', 'default-src'],
  'object-src': ['object-src', 'default-src'],
  'base-uri': ['base-uri'],
  'form-action': ['form-action'],
} as const

export type Governing = keyof typeof fallbacks

/** A request that policies are checked against. */
export interface FetchRequest {
  readonly directive: Governing
  readonly url: URL
  readonly nonce?: string | undefined
  /** Hashes of the request's integrity metadata, which the policy may list. */
  readonly integrity?: readonly IntegrityHash[] | undefined
  readonly parserInserted: boolean
  /** True if the engine ignores sources such as `*:*`. */
  readonly wildcardHostNeedsScheme?: boolean | undefined
}

export type InlineKind = 'script' | 'script attribute' | 'navigation' | 'style' | 'style attribute'

export interface InlineContent {
  readonly kind: InlineKind
  /** For a navigation, the whole URL including `javascript:`. */
  readonly text: string
  readonly nonce?: string | undefined
  /** False for a script in a clone of a `<template>`, which `'strict-dynamic'` therefore trusts. */
  readonly parserInserted: boolean
  readonly speculationRules?: boolean
}

const inlineDirectives: Readonly<Record<InlineKind, Governing>> = {
  script: 'script-src-elem',
  navigation: 'script-src-elem',
  'script attribute': 'script-src-attr',
  style: 'style-src-elem',
  'style attribute': 'style-src-attr',
}

/** The directive that blocks a request or content, with its source list. */
export interface Block {
  readonly directive: string
  readonly list: SourceList
}

/** The directive of a policy that governs the request, with its list; `undefined` if the policy has none. */
export function effectiveDirective(policy: Directives, governing: Governing): Block | undefined {
  for (const directive of fallbacks[governing]) {
    const list = policy.get(directive)
    if (list !== undefined) return { directive, list }
  }
  return undefined
}

function isScriptLike(governing: Governing, directive: string): boolean {
  if (governing === 'script-src-elem') return true
  return governing === 'worker-src' && (directive === 'script-src' || directive === 'default-src')
}

/**
 * The policy must list every hash that the request carries, not just one of them.
 * @see https://www.w3.org/TR/CSP3/#external-hash
 */
function integrityListed(list: SourceList, integrity: readonly IntegrityHash[]): boolean {
  return (
    integrity.length > 0 &&
    integrity.every((hash) =>
      list.hashes.some((source) => source.algorithm === hash.algorithm && source.value === hash.value),
    )
  )
}

function nonceListed(list: SourceList, nonce: string | undefined): boolean {
  return nonce !== undefined && nonce !== '' && list.nonces.includes(nonce)
}

/**
 * The directive that blocks a request under one policy; `undefined` if the request is allowed.
 * @see https://www.w3.org/TR/CSP3/#script-pre-request
 */
export function blocksRequest(policy: Directives, request: FetchRequest, self: URL): Block | undefined {
  const effective = effectiveDirective(policy, request.directive)
  if (effective === undefined) return undefined
  const { list, directive } = effective
  const scriptLike = isScriptLike(request.directive, directive)
  if ((scriptLike || request.directive === 'style-src-elem') && nonceListed(list, request.nonce))
    return undefined
  if (scriptLike) {
    if (integrityListed(list, request.integrity ?? [])) return undefined
    if (list.keywords.has("'strict-dynamic'")) return request.parserInserted ? effective : undefined
  }
  return urlMatches(list, request.url, self, request.wildcardHostNeedsScheme) ? undefined : effective
}

/** True if the list has `'unsafe-inline'`, but a hash or nonce beside it disables it. */
export function unsafeInlineIsOff(list: SourceList): boolean {
  return list.keywords.has("'unsafe-inline'") && (list.hashes.length > 0 || list.nonces.length > 0)
}

function allowsAllInline(list: SourceList, kind: InlineKind): boolean {
  if (!list.keywords.has("'unsafe-inline'") || unsafeInlineIsOff(list)) return false
  const isStyle = kind === 'style' || kind === 'style attribute'
  return isStyle || !list.keywords.has("'strict-dynamic'")
}

function hashListed(list: SourceList, text: string): boolean {
  return list.hashes.some((source) => source.value === digest(source.algorithm, text))
}

/**
 * The directive that blocks inline content under one policy; `undefined` if the content may run.
 * @see https://www.w3.org/TR/CSP3/#match-element-to-source-list
 */
export function blocksInline(policy: Directives, content: InlineContent): Block | undefined {
  const effective = effectiveDirective(policy, inlineDirectives[content.kind])
  if (effective === undefined) return undefined
  const { list } = effective
  if (allowsAllInline(list, content.kind)) return undefined
  if (content.speculationRules === true && list.keywords.has("'inline-speculation-rules'")) return undefined
  const isElement = content.kind === 'script' || content.kind === 'style'
  if (isElement && nonceListed(list, content.nonce)) return undefined
  if (content.kind === 'script' && !content.parserInserted && list.keywords.has("'strict-dynamic'"))
    return undefined
  if (!isElement && !list.keywords.has("'unsafe-hashes'")) return effective
  return hashListed(list, content.text) ? undefined : effective
}
