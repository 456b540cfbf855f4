import { decidingDirective, type DirectiveName } from '../csp/directives.ts'
import type { Finding, FindingPlace } from '../findings/index.ts'
import type { Need } from '../csp/need.ts'
import type { InlineScript, ModuleSource, Policy, ScannedPage, SiteContext } from '../site/model.ts'
import type { PageImport } from '../page/inline-modules.ts'
import type { PinSettings } from '../page/pin.ts'
import type { PolicySettings } from '../csp/policy.ts'
import type { CodeTraits } from '../needs/search-code.ts'

export interface RuleSettings extends PolicySettings {
  readonly external: PinSettings['external']
  readonly layout: string
}

/** Must be the same function object each time: results are cached by function. */
export type ModuleTest = (code: string) => boolean

/** A script of the page: a file, or an inline script. */
export interface RuleScript {
  /** Path of the file, or of the page. */
  readonly file: string
  /** The inline script, if it is not a file. */
  readonly inline?: InlineScript
  readonly traits: CodeTraits
  /** Names the script for use in a sentence: `assets/index.js (src/main.ts)`, `The <script>`. */
  where(offset: number, pattern: RegExp): string
  /** The place to show to the user: in their own module if it is known. */
  place(offset: number, pattern: RegExp): FindingPlace | undefined
  /** The modules that contain a pattern or pass a test; empty if modules are unknown. */
  modulesWith(test: RegExp | ModuleTest): readonly ModuleSource[]
  /** Names a module for the user: its file in the project, or its package and the path in it. */
  nameOf(module: ModuleSource): string
  /** A place in a module, if it is the user's own file. `find` returns the offset in a text. */
  placeIn(module: ModuleSource, find: (text: string) => number): FindingPlace | undefined
  /** The place of a pattern, in the user's own module if it is known. */
  find(pattern: RegExp): FindingPlace
  /** Text of the whole script. */
  text(): string
}

/** The input of a rule: one page as it will be delivered. */
export interface RulePage {
  readonly site: SiteContext
  readonly page: ScannedPage
  readonly policies: readonly Policy[]
  readonly needs: readonly Need[]
  readonly unmet: readonly Need[]
  readonly scripts: readonly RuleScript[]
  /** Imports that do not resolve to a file of the site. */
  readonly unanswered: readonly PageImport[]
  /** Paths of scripts that import a module whose name is completely unknown. */
  readonly importsAnything: readonly string[]
  readonly settings: RuleSettings
  /** Whether the policy of the page is in a meta tag. */
  readonly inMeta: boolean
  /** A place in the page, or in the user's own file if the same text is found there. */
  place(offset: number, attribute?: string): FindingPlace
}

/** Checks one aspect of a page. Rules are independent of each other. */
export type Rule = (page: RulePage) => Finding[]

/** The enforced main policy, `undefined` if the policy is report-only or missing. */
export function enforced({ policies }: RulePage): Policy | undefined {
  return policies.find(({ role, disposition }) => role === 'main' && disposition === 'enforce')
}

/**
 * The directive that applies to requests of type `name`, with its expressions. `undefined` if nothing is
 * restricted.
 */
export function deciding(
  page: RulePage,
  name: DirectiveName,
): { readonly directive: DirectiveName; readonly list: readonly string[] } | undefined {
  const directives = enforced(page)?.directives
  const directive = directives && decidingDirective(name, directives)
  if (!directive) return undefined
  return { directive, list: (directives.get(directive) ?? []).map((source) => source.expression) }
}
