import { unmetNeeds } from '../core/csp/grant-needs.ts'
import type { Need } from '../core/csp/need.ts'
import type { Finding } from '../core/findings/index.ts'
import { pagePlace } from '../core/findings/locate.ts'
import { inlineHandler, javascriptUrl, styleAttribute } from '../core/rules/attributes.ts'
import { baseBlocked } from '../core/rules/base.ts'
import type { Rule, RulePage } from '../core/rules/rule.ts'
import type { Policy, ScannedPage, Site } from '../core/site/model.ts'
import type { ResolvedOptions } from '../options.ts'

/** The rules that need only the markup. */
const RULES: readonly Rule[] = [baseBlocked, inlineHandler, javascriptUrl, styleAttribute]

export interface DevPage {
  readonly page: ScannedPage
  readonly policies: readonly Policy[]
  readonly needs: readonly Need[]
  readonly options: ResolvedOptions
  readonly base: string
  readonly source: NonNullable<Site['source']>
}

/**
 * The findings about a page that are known when it is served, without a bundle and before a browser has loaded it.
 */
export function pageFindings({ page, policies, needs, options, base, source }: DevPage): Finding[] {
  const site = { base, graph: new Map(), file: () => undefined, source }
  const rulePage: RulePage = {
    site,
    page,
    policies,
    needs,
    unmet: unmetNeeds(policies, needs),
    scripts: [],
    unanswered: [],
    importsAnything: [],
    settings: options,
    inMeta: false,
    place: (offset, attribute) => pagePlace(site, page, offset, attribute),
  }
  return RULES.flatMap((rule) => rule(rulePage))
}
