import { type HeaderField, isNosniff } from '../fields.ts'
import type { Delivered, Delivery, Output } from '../output.ts'
import { headerNames, type HeaderPlan, placeOf, planHeaders, withoutNosniff } from '../header-plan.ts'
import { ownPaths } from '../request-paths.ts'
import { parseBlocks } from './blocks.ts'
import { checkOwnText, checkRuleCount, expectedAnswers, FILE } from './check.ts'
import { cloudflareHost, type HeadersFileHost, netlifyHost } from './hosts.ts'
import { type HeadersFileRule, mergeRules } from './merge.ts'
import { TOML_FILE, tomlConflicts } from './netlify-toml.ts'

const HOSTS: readonly HeadersFileHost[] = [cloudflareHost, netlifyHost]

/** Cloudflare replaces `:splat` with the text that the `*` of the path matched, so encode the colon. */
const literal = (field: HeaderField): HeaderField => ({
  ...field,
  value: field.value.replaceAll(':splat', '%3Asplat'),
})

const lineOf = ({ name, value }: HeaderField): string => `${name}: ${value}`

/**
 * Cloudflare would append the values of this rule to those of `/*`, so first remove the headers of `/*`. Netlify
 * ignores lines that start with `!`.
 */
const instead = (fields: readonly HeaderField[]): string[] => [
  ...[...new Set(fields.map(({ name }) => name))].map((name) => `! ${name}`),
  ...fields.map(lineOf),
]

/** If there are several blocks for every path, Cloudflare reads the last one. */
const setsNosniff = (text: string): boolean =>
  parseBlocks(text)
    .blocks.findLast(({ key }) => key === '/*')
    ?.headers.some(isNosniff) ?? false

function rulesOf({ fields, pages }: HeaderPlan): HeadersFileRule[] {
  const rules: HeadersFileRule[] = fields.length > 0 ? [{ pattern: '/*', lines: fields.map(lineOf) }] : []
  for (const [pattern, page] of ownPaths([...pages.keys()])) {
    rules.push({ pattern, lines: instead(pages.get(page) ?? []) })
  }
  return rules
}

/**
 * A `_headers` file in the deployed folder, merged into the user's file. If outputs for several hosts that read the
 * file are enabled, it suits all of these hosts.
 */
function headersFileOutput(name: string): Output {
  return {
    name,
    deliver(delivery: Delivery): Delivered {
      const hosts = HOSTS.filter((host) => host.name === name || delivery.outputs.includes(host.name))
      const present = delivery.siteFile(FILE)
      const own = present ?? ''
      const limits = hosts.map((host) => host.limits)
      const full = planHeaders(delivery, limits)
      const planned = setsNosniff(own) ? withoutNosniff(full) : full
      const plan: HeaderPlan = {
        ...planned,
        fields: planned.fields.map(literal),
        pages: new Map([...planned.pages].map(([page, fields]) => [page, fields.map(literal)])),
      }
      const rules = rulesOf(plan)
      const readers = { hosts, pages: delivery.pages.map(({ path }) => path) }
      const toml = hosts.includes(netlifyHost) ? delivery.projectFile(TOML_FILE) : undefined
      const merged = mergeRules(own, rules)
      const findings = [
        ...plan.findings,
        ...checkOwnText(own, plan, rules, readers),
        ...(toml === undefined ? [] : tomlConflicts(toml, headerNames(plan), readers.pages)),
        ...checkRuleCount(merged, hosts, rules.length),
      ]
      return {
        metas: plan.metas,
        files:
          present === undefined && rules.length === 0 ? [] : [{ root: 'site', path: FILE, content: merged }],
        findings,
        place: placeOf(plan, FILE),
        expected: {
          hosts: hosts.map((host) => host.name),
          headers: headerNames(plan),
          answers: () => expectedAnswers(plan, readers.pages),
        },
      }
    },
  }
}

/**
 * `_headers` as Cloudflare Pages and Workers read it.
 * @see https://developers.cloudflare.com/workers/static-assets/headers/
 */
export const cloudflare = headersFileOutput('cloudflare')

/** `_headers` as Netlify reads it. @see https://docs.netlify.com/manage/routing/headers/ */
export const netlify = headersFileOutput('netlify')
