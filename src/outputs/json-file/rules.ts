import { type Finding, finding } from '../../core/findings/index.ts'
import { type HeaderField, isNosniff } from '../fields.ts'
import { type HostLimits, tooManyRules } from '../limits.ts'
import { headerNames, type HeaderPlan, withoutNosniff } from '../header-plan.ts'
import { ownPaths } from '../request-paths.ts'
import { headerConflicts, isMarked, marked, type PresentHeader } from './conflicts.ts'
import { entryOf, ownIndices, replaceEntries } from './edit.ts'
import { type JsonNode, type JsonObject, memberOf, stringAt } from './parse.ts'

/** The syntax of a host's rules: a list of `{ source, headers: [{ key, value }] }` in which the last match wins. */
export interface RuleSyntax {
  readonly file: string
  readonly limits: HostLimits
  /** The pattern for every path. */
  readonly everywhere: string
  /** Other spellings of the pattern for every path. */
  readonly alsoEverywhere: RegExp
  /** Converts a request path to a pattern that matches only this path. */
  patternOf(requestPath: string): string
}

interface Rule {
  readonly source: string
  readonly headers: readonly { readonly key: string; readonly value: string }[]
}

function ruleFor(source: string, fields: readonly HeaderField[]): Rule {
  return { source, headers: fields.map(marked).map(({ name, value }) => ({ key: name, value })) }
}

function rulesOf(plan: HeaderPlan, { everywhere, patternOf }: RuleSyntax): Rule[] {
  const perPage = [...ownPaths([...plan.pages.keys()])].map(([path, page]) =>
    ruleFor(patternOf(path), plan.pages.get(page) ?? []),
  )
  return plan.fields.length === 0 ? perPage : [ruleFor(everywhere, plan.fields), ...perPage]
}

function headersOf(rule: JsonNode): PresentHeader[] {
  const list = memberOf(rule, 'headers')?.value
  const pattern = stringAt(rule, 'source') ?? stringAt(rule, 'glob') ?? '*'
  return (list?.kind === 'array' ? list.items : []).map((node) => ({
    name: stringAt(node, 'key') ?? '',
    value: stringAt(node, 'value') ?? '',
    pattern,
    node,
  }))
}

/** Merges the rules of a plan into the member `headers` of an object in the user's file. */
export function mergeRulesInto(
  text: string,
  container: JsonObject,
  plan: HeaderPlan,
  syntax: RuleSyntax,
  pages: readonly string[],
): { readonly content: string; readonly findings: readonly Finding[]; readonly replaced?: boolean } {
  const present = memberOf(container, 'headers')
  const { file, limits } = syntax
  const items = present?.value.kind === 'array' ? present.value.items : []
  const own = ownIndices(items, (rule) => headersOf(rule).some(isMarked))
  const others = items.filter((_, index) => !own.includes(index)).flatMap(headersOf)
  const everywhere = (pattern: string): boolean =>
    pattern === syntax.everywhere || syntax.alsoEverywhere.test(pattern)
  const theirs = others.some((header) => isNosniff(header) && everywhere(header.pattern))
  const rules = rulesOf(theirs ? withoutNosniff(plan) : plan, syntax)
  const entries = rules.map((rule) => entryOf(text, rule))
  if (!present) {
    const findings = tooManyRules(rules.length, rules.length, limits)
    if (entries.length === 0) return { content: text, findings }
    return { content: replaceEntries(text, container, [], [entryOf(text, rules, 'headers')]), findings }
  }
  if (present.value.kind !== 'array') {
    const place = { file, source: text, offset: present.value.start }
    const problem = { file, reason: 'its headers are not a list', way: 'Make headers a list of rules.' }
    return { content: text, findings: [finding('host-file-unusable', problem, place)] }
  }
  return {
    content: replaceEntries(text, present.value, own, entries),
    replaced: own.length > 0,
    findings: [
      ...headerConflicts(others, headerNames(plan), { file, text, pages }),
      ...tooManyRules(items.length - own.length + rules.length, rules.length, limits),
    ],
  }
}
