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

/** The same function each time: what it found is remembered. */
export type ModuleTest = (code: string) => boolean

/** A script of the page: a file, or one that stands in it. */
export interface RuleScript {
  /** Path of the file, or of the page. */
  readonly file: string
  /** The script itself, where it stands in the page. */
  readonly inline?: InlineScript
  readonly traits: CodeTraits
  /** The script for a sentence: `assets/index.js (src/main.ts)`, `The <script>`. */
  where(offset: number, pattern: RegExp): string
  /** Where a person can see it: in their own module, where that is known. */
  place(offset: number, pattern: RegExp): FindingPlace | undefined
  /** The modules in which a pattern occurs, or that pass a test; none where modules are not known. */
  modulesWith(test: RegExp | ModuleTest): readonly ModuleSource[]
  /** How a person knows a module: by its file in the project, or by its package and the path in it. */
  nameOf(module: ModuleSource): string
  /** A place in a module, if the user's own file holds it: `find` gives the offset in a text. */
  placeIn(module: ModuleSource, find: (text: string) => number): FindingPlace | undefined
  /** Where a pattern occurs, in the user's own module if that is known. */
  find(pattern: RegExp): FindingPlace
  /** Text of the whole script. */
  text(): string
}

/** What a rule looks at: one page as it will be delivered. */
export interface RulePage {
  readonly site: SiteContext
  readonly page: ScannedPage
  readonly policies: readonly Policy[]
  readonly needs: readonly Need[]
  readonly unmet: readonly Need[]
  readonly scripts: readonly RuleScript[]
  /** Imports that no file of the site answers. */
  readonly unanswered: readonly PageImport[]
  /** Files of scripts that import modules by names of which nothing is known. */
  readonly importsAnything: readonly string[]
  readonly settings: RuleSettings
  /** Whether the policy of the page stands in its own meta. */
  readonly inMeta: boolean
  /** A place in the page, in the user's own file where it can be found there. */
  place(offset: number, attribute?: string): FindingPlace
}

/** A small judgement about one page. Rules know nothing of each other. */
export type Rule = (page: RulePage) => Finding[]

/** The main policy that browsers enforce, `undefined` if it only reports or there is none. */
export function enforced({ policies }: RulePage): Policy | undefined {
  return policies.find(({ role, disposition }) => role === 'main' && disposition === 'enforce')
}

/** The directive that decides about what `name` would, with its expressions. `undefined`: nothing is refused. */
export function deciding(
  page: RulePage,
  name: DirectiveName,
): { readonly directive: DirectiveName; readonly list: readonly string[] } | undefined {
  const directives = enforced(page)?.directives
  const directive = directives && decidingDirective(name, directives)
  if (!directive) return undefined
  return { directive, list: (directives.get(directive) ?? []).map((source) => source.expression) }
}
