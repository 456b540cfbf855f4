import type { Directives } from './source-list.ts'
import type { EngineTraits } from './engines.ts'
import type { ImportMap } from './import-map.ts'
import type { ScriptReferences } from './modules.ts'
import type { Position } from './page-items.ts'
import {
  blocksInline,
  blocksRequest,
  type Block,
  type FetchRequest,
  type InlineContent,
} from './policy-rules.ts'
import type { RefusalDetail } from './refusal-rule.ts'
import type { RefusalCode } from './refusals.ts'
import type { SiteFiles } from './files-by-url.ts'

export interface EnforcedPolicy {
  readonly text: string
  readonly directives: Directives
  readonly delivery: 'header' | 'meta'
  readonly at: Position
}

export type Report = (code: RefusalCode, at: Position, detail: RefusalDetail) => void

/** Where the hash that pins a script is: in the `integrity` attribute, the import map, an inline script, or nowhere. */
export type Pin = 'attribute' | 'import-map' | 'inline' | 'none'

export interface ModuleRecord {
  readonly url: URL
  /** Imports of the module inherit this. */
  readonly parserInserted: boolean
  /** True if only a modulepreload has fetched the module; the policy check of an actual import is still due. */
  preloadedOnly: boolean
  readonly pin: Pin
}

/** A script that will run. Its imports are judged after the whole document has been read. */
export interface RunningScript {
  readonly references: ScriptReferences
  readonly base: URL
  readonly parserInserted: boolean
  readonly name: string
  readonly at: Position
}

/** One document in one engine: the page itself, or the document of an `<iframe srcdoc>`. */
export interface DocumentState {
  readonly files: SiteFiles
  readonly engine: EngineTraits
  readonly report: Report
  /** The policies in force so far. Each policy meta adds one when the reader reaches it. */
  readonly policies: EnforcedPolicy[]
  /** True if an `Integrity-Policy` header requires integrity for scripts. */
  readonly integrityPolicy: boolean
  readonly documentUrl: URL
  base: URL
  baseSeen: boolean
  importMap: ImportMap | undefined
  importMapSeen: boolean
  moduleSeen: boolean
  readonly modules: Map<string, ModuleRecord | undefined>
  readonly running: RunningScript[]
  /** Stylesheets that elements of the page load. */
  readonly linkedStyles: Set<string>
}

export function createDocument(
  fields: Pick<
    DocumentState,
    'files' | 'engine' | 'report' | 'policies' | 'integrityPolicy' | 'documentUrl' | 'base'
  >,
): DocumentState {
  return {
    ...fields,
    baseSeen: false,
    importMap: undefined,
    importMapSeen: false,
    moduleSeen: false,
    modules: new Map(),
    running: [],
    linkedStyles: new Set(),
  }
}

export interface Blocked extends Block {
  readonly policy: EnforcedPolicy
}

function firstBlock(
  state: DocumentState,
  judge: (directives: Directives) => Block | undefined,
): Blocked | undefined {
  for (const policy of state.policies) {
    const block = judge(policy.directives)
    if (block !== undefined) return { ...block, policy }
  }
  return undefined
}

/** A request must pass every policy. @see https://www.w3.org/TR/CSP3/#multiple-policies */
export function requestBlockedBy(state: DocumentState, request: FetchRequest): Blocked | undefined {
  const { wildcardHostNeedsScheme } = state.engine
  return firstBlock(state, (directives) =>
    blocksRequest(directives, { ...request, wildcardHostNeedsScheme }, state.files.self),
  )
}

export function inlineBlockedBy(state: DocumentState, content: InlineContent): Blocked | undefined {
  return firstBlock(state, (directives) => blocksInline(directives, content))
}

export function blockDetail(blocked: Blocked): Pick<RefusalDetail, 'directive' | 'delivery'> {
  return { directive: blocked.directive, delivery: blocked.policy.delivery }
}
