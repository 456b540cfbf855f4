import { finding } from '../core/findings/index.ts'
import { isFinding, type JsonObject, memberOf, openObject } from './json-file/parse.ts'
import { mergeRulesInto, type RuleSyntax } from './json-file/rules.ts'
import type { HostLimits } from './limits.ts'
import type { Delivered, Delivery, Output } from './output.ts'
import { placeOf, planHeaders } from './header-plan.ts'

const FILE = 'firebase.json'

/** No limits are documented: https://firebase.google.com/docs/hosting/full-config#headers */
const LIMITS: HostLimits = { host: 'Firebase', joinsRepeated: false }

const SYNTAX: RuleSyntax = {
  file: FILE,
  limits: LIMITS,
  everywhere: '**',
  alsoEverywhere: /^\/?\*\*(?:\/\*)?$/,
  patternOf: (path) => path.replace(/[\\*?+@!()[\]{}]/g, '[$&]'),
}

/** The hosting object, if the file has exactly one. */
function hostingOf(root: JsonObject): JsonObject | undefined {
  const hosting = memberOf(root, 'hosting')?.value
  const site = hosting?.kind === 'array' && hosting.items.length === 1 ? hosting.items[0] : hosting
  return site?.kind === 'object' ? site : undefined
}

/**
 * `hosting.headers` in the project's `firebase.json`, which Firebase reads on deployment.
 * @see https://firebase.google.com/docs/hosting/full-config#headers
 */
export const firebase: Output = {
  name: 'firebase',
  deliver(delivery: Delivery): Delivered {
    const plan = planHeaders(delivery, [LIMITS])
    const text = delivery.projectFile(FILE)
    const base = { metas: plan.metas, place: placeOf(plan, FILE) }
    if (text === undefined) {
      const missing = {
        file: FILE,
        reason: 'there is none in the root of the project',
        way: 'Run firebase init hosting.',
      }
      return {
        ...base,
        findings: [
          ...plan.findings,
          ...(plan.fields.length > 0 ? [finding('host-file-unusable', missing)] : []),
        ],
      }
    }
    const root = openObject(FILE, text)
    if (isFinding(root)) return { ...base, findings: [...plan.findings, root] }
    const hosting = hostingOf(root)
    if (!hosting) {
      const reason = 'it has no hosting, or hosting of several sites'
      const way = 'Give hosting one site; for several, use the output json and write the headers into each.'
      const place = { file: FILE, source: text, offset: memberOf(root, 'hosting')?.start ?? root.start }
      return {
        ...base,
        findings: [...plan.findings, finding('host-file-unusable', { file: FILE, reason, way }, place)],
      }
    }
    const { content, findings } = mergeRulesInto(
      text,
      hosting,
      plan,
      SYNTAX,
      delivery.pages.map(({ path }) => path),
    )
    return {
      ...base,
      files: content === text ? [] : [{ root: 'project', path: FILE, content }],
      findings: [...plan.findings, ...findings],
    }
  },
}
