import type { Finding } from '../core/findings/index.ts'
import type { SiteContext } from '../core/site/model.ts'
import { Told } from '../core/rules/seen-findings.ts'
import type { PageNews } from './page-work.ts'

/** What there is to say about all pages, in their order, whoever worked on them: each thing once. */
export function findingsOf(news: readonly PageNews[], context: SiteContext): Finding[] {
  const told = new Told()
  const graph = new Map(news.flatMap((one) => one.graph).map((one) => [one.message, one]))
  return [
    ...news.flatMap(({ plan, judgement }) => [...plan, ...told.rest(context, judgement)]),
    ...graph.values(),
  ]
}
