import { finding } from '../core/findings/index.ts'
import { isNosniff } from './fields.ts'
import { isFinding, memberOf, openObject } from './json-file/parse.ts'
import { mergeRulesInto, type RuleSyntax } from './json-file/rules.ts'
import type { HostLimits } from './limits.ts'
import type { Delivered, Delivery, Output } from './output.ts'
import { placeOf, planHeaders } from './header-plan.ts'

const FILE = 'vercel.json'
const SOURCE = 'https://openapi.vercel.sh/vercel.json'

const LIMITS: HostLimits = {
  host: 'Vercel',
  field: {
    characters: 32_768 - '; '.length,
    measured: ({ value }) => value,
    effect: 'refuses every value',
    source: SOURCE,
  },
  rules: { count: 2048, source: SOURCE },
  joinsRepeated: false,
  readBeforeBuild: true,
}

/** A source must have no named parameter: Vercel would replace `:name` in header values with the matched text. */
const SYNTAX: RuleSyntax = {
  file: FILE,
  limits: LIMITS,
  everywhere: '/(.*)',
  alsoEverywhere: /^\/:\w+(?:\*|\(\.\*\))$/,
  patternOf: (path) => path.replace(/[\\:()*+?{}.]/g, '\\$&'),
}

/**
 * `headers` in the project's `vercel.json`. Vercel reads this file before the build, so `auto` keeps hashes out of it.
 * @see https://vercel.com/docs/project-configuration/vercel-json#headers
 */
export const vercel: Output = {
  name: 'vercel',
  deliver(delivery: Delivery): Delivered {
    const plan = planHeaders(delivery, [LIMITS])
    const present = delivery.projectFile(FILE)
    const base = { metas: plan.metas, place: placeOf(plan, FILE) }
    if (present === undefined && plan.fields.length === 0) return { ...base, findings: plan.findings }
    const text = present ?? '{}\n'
    const root = openObject(FILE, text)
    if (isFinding(root)) return { ...base, findings: [...plan.findings, root] }
    const {
      content,
      findings,
      replaced = false,
    } = mergeRulesInto(
      text,
      root,
      plan,
      SYNTAX,
      delivery.pages.map(({ path }) => path),
    )
    const routes = memberOf(root, 'routes')
    const unusable =
      routes && content !== text
        ? [
            finding(
              'host-file-unusable',
              {
                file: FILE,
                reason: 'Vercel allows no headers beside routes',
                way: 'Write routes as rewrites and redirects.',
              },
              { file: FILE, source: text, offset: routes.start },
            ),
          ]
        : []
    // `nosniff` alone does not depend on the build, so it cannot be out of date.
    const policies = replaced || plan.fields.some((field) => !isNosniff(field))
    const late =
      delivery.environment?.['VERCEL'] && content !== text && policies
        ? [finding('host-file-late', { host: 'Vercel', file: FILE })]
        : []
    return {
      ...base,
      files: content === present ? [] : [{ root: 'project', path: FILE, content }],
      findings: [...plan.findings, ...findings, ...unusable, ...late],
      notes: content === present ? [] : [`Vercel reads ${FILE} before it builds: commit it.`],
    }
  },
}
