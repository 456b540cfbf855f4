import type { PolicyFacts, PolicySettings } from '../csp/policy.ts'
import type { Finding } from '../findings/index.ts'
import type { PageFiles } from '../needs/index.ts'
import type { Graph, HashAlgorithm, IntegrityMetadata, ScannedPage, SiteContext } from '../site/model.ts'
import type { Edit } from './edit.ts'
import type { OwnImportMap } from './import-map.ts'
import type { PageImport } from './inline-modules.ts'
import type { PinSettings } from './pin.ts'

export interface PlanSettings extends PinSettings {
  readonly algorithm: HashAlgorithm
  readonly fence: boolean
  readonly origins: readonly string[]
  readonly trustedTypes: readonly string[] | undefined
  readonly directives: PolicySettings['directives']
}

/** The edits of one page, and the facts from which its policy is built. */
export interface PagePlan {
  readonly page: ScannedPage
  readonly edits: readonly Edit[]
  /** Source of a new import map element, if the page needs one. */
  readonly importMap: string | undefined
  readonly facts: PolicyFacts
  /** Files of the site that this page pins, in tags or in the import map. */
  readonly pinned: ReadonlyMap<string, IntegrityMetadata>
  /** Files of the site that the page loads, through its tags or through the graph. */
  readonly loaded: PageFiles
  readonly inlineScripts: number
  /** Imports, of its inline scripts and of all loaded files, that do not resolve to a file of the site. */
  readonly unanswered: readonly PageImport[]
  /** Scripts that import a module whose name is completely unknown. */
  readonly importsAnything: readonly string[]
  readonly findings: readonly Finding[]
}

export type DigestOf = (path: string) => IntegrityMetadata | undefined

/** A page during planning, and data derived from it. Every step of the plan reads it, none changes it. */
export interface PageContext {
  readonly site: SiteContext
  readonly page: ScannedPage
  /** Base URL of the document. */
  readonly base: URL
  /** The page's own import maps, merged into one. */
  readonly ownMap: OwnImportMap | undefined
  /** The graph under the import map of the page. */
  readonly graph: Graph
  readonly settings: PlanSettings
  readonly digestOf: DigestOf
}
