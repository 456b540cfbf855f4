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

/** What will be done to one page, and what its policy must let in. */
export interface PagePlan {
  readonly page: ScannedPage
  readonly edits: readonly Edit[]
  /** Source of a new import map element, if the page needs one. */
  readonly importMap: string | undefined
  readonly facts: PolicyFacts
  /** Files of the site that are pinned in this page, by tags or by the import map. */
  readonly pinned: ReadonlyMap<string, IntegrityMetadata>
  /** Files of the site that the page loads, by its tags or by the graph. */
  readonly loaded: PageFiles
  readonly inlineScripts: number
  /** Imports that no file of the site answers, of its inline scripts and of all that it loads. */
  readonly unanswered: readonly PageImport[]
  /** Scripts that import modules by names of which nothing is known. */
  readonly importsAnything: readonly string[]
  readonly findings: readonly Finding[]
}

export type DigestOf = (path: string) => IntegrityMetadata | undefined

/** The page that is planned, and what is looked up for it. Every step of the plan reads it, none changes it. */
export interface PageContext {
  readonly site: SiteContext
  readonly page: ScannedPage
  /** Base URL of the document. */
  readonly base: URL
  /** The import maps that the page brings, as one. */
  readonly ownMap: OwnImportMap | undefined
  /** The graph under the import map of the page. */
  readonly graph: Graph
  readonly settings: PlanSettings
  readonly digestOf: DigestOf
}
