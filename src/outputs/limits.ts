import { type Finding, finding } from '../core/findings/index.ts'
import { option } from '../core/findings/option.ts'
import type { Policy } from '../core/site/model.ts'
import { type HeaderField, policyFields } from './fields.ts'

/** The limits of a host, each with the document that states it. They are data, beside the output of the host. */
export interface HostLimits {
  readonly host: string
  readonly field?: {
    readonly characters: number
    /** The text that the limit holds for: the line as it is written, or the value alone. */
    measured(field: HeaderField): string
    /** The end of the sentence “Cloudflare … over 2000.”: what the host does above the limit. */
    readonly effect: string
    readonly source: string
  }
  readonly rules?: { readonly count: number; readonly source: string }
  /** Fields of one name in one rule are joined with a comma, so that each policy may have a line of its own. */
  readonly joinsRepeated: boolean
  /** Why pages cannot have policies of their own in the file, if they cannot. */
  readonly onePolicy?: string
  /** The file must be right before the site is built, so that hashes had better not stand in it. */
  readonly readBeforeBuild?: true
}

export type FieldLimit = NonNullable<HostLimits['field']>

/** The first limit that a field exceeds. */
export function exceeded(
  field: HeaderField,
  limits: readonly HostLimits[],
): { readonly host: string; readonly limit: FieldLimit } | undefined {
  for (const { host, field: limit } of limits) {
    if (limit && limit.measured(field).length > limit.characters) return { host, limit }
  }
  return undefined
}

export function fits(fields: readonly HeaderField[], limits: readonly HostLimits[]): boolean {
  return fields.every((field) => !exceeded(field, limits))
}

/** More rules in a file than a host reads; `generated` of them are not the user's. */
export function tooManyRules(count: number, generated: number, { host, rules }: HostLimits): Finding[] {
  if (!rules || count <= rules.count) return []
  const way =
    generated > 1
      ? `Set ${option({ layout: 'union' })} or ${option({ layout: 'split' })}: one rule is enough for all pages.`
      : 'Remove rules of your own, or replace several by one with a *.'
  return [finding('header-rules-too-many', { host, count, limit: rules.count, way })]
}

/** Policies as one field, or as a field for each policy if only that fits and every host joins fields. */
export function shapeFields(policies: readonly Policy[], limits: readonly HostLimits[]): HeaderField[] {
  const joined = policyFields(policies)
  if (fits(joined, limits) || !limits.every(({ joinsRepeated }) => joinsRepeated)) return joined
  const separate = policyFields(policies, 'separate')
  return fits(separate, limits) ? separate : joined
}
