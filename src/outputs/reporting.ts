import type { Policy, Source, SourceReason } from '../core/site/model.ts'
import { type HeaderField, NOSNIFF } from './fields.ts'
import type { Delivery, Reporting } from './output.ts'

/** Name of the endpoint in `Reporting-Endpoints`. @see https://www.w3.org/TR/reporting-1/#header */
const ENDPOINT = 'csp'

const SAMPLED = [
  'script-src',
  'script-src-elem',
  'script-src-attr',
  'style-src',
  'style-src-elem',
  'style-src-attr',
]

const reason: SourceReason = { kind: 'option', option: 'reporting' }
const stated = (expression: string): Source => ({ expression, reason })

function sampled(name: string, sources: readonly Source[]): readonly Source[] {
  const present = sources.some(({ expression }) => expression === "'report-sample'")
  if (present || !SAMPLED.includes(name)) return sources
  return [...sources.filter(({ expression }) => expression !== "'none'"), stated("'report-sample'")]
}

/**
 * Adds the reporting directives to policies. Firefox and WebKit support only `report-uri`; engines that support
 * `report-to` then ignore `report-uri`. Reporting directives set by the user are kept.
 */
export function withReporting(
  policies: readonly Policy[],
  reporting: Reporting | undefined,
): readonly Policy[] {
  if (!reporting) return policies
  return policies.map((policy) => ({
    ...policy,
    directives: new Map([
      ['report-uri', [stated(reporting.endpoint)]],
      ['report-to', [stated(ENDPOINT)]],
      ...[...policy.directives].map(
        ([name, sources]) => [name, reporting.sample ? sampled(name, sources) : sources] as const,
      ),
    ]),
  }))
}

/**
 * The header fields that accompany the policies.
 * @see https://www.w3.org/TR/SRI/#integrity-policy-section
 */
export function accompanyingFields({
  reporting,
  integrityPolicy,
}: Pick<Delivery, 'reporting' | 'integrityPolicy'>): HeaderField[] {
  const fields: HeaderField[] = [NOSNIFF]
  if (reporting) fields.push({ name: 'Reporting-Endpoints', value: `${ENDPOINT}="${reporting.endpoint}"` })
  if (integrityPolicy) {
    fields.push({
      name: integrityPolicy === 'enforce' ? 'Integrity-Policy' : 'Integrity-Policy-Report-Only',
      value: `blocked-destinations=(script)${reporting ? `, endpoints=(${ENDPOINT})` : ''}`,
    })
  }
  return fields
}
