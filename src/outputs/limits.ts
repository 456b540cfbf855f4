import { type Finding, finding } from '../core/findings/index.ts'
import { option } from '../core/findings/option.ts'
import type { Policy } from '../core/site/model.ts'
import { type HeaderField, policyFields } from './fields.ts'

/** The limits of a host, each with the document that states it. They are data, kept with the output of the host. */
export interface HostLimits {
  readonly host: string
  readonly field?: {
    readonly characters: number
    /** The text to which the limit applies: the whole line or only the value. */
    measured(field: HeaderField): string
    /** The end of the sentence “Cloudflare … over 2000.”: the reaction of the host above the limit. */
    readonly effect: string
    readonly source: string
  }
  readonly rules?: { readonly count: number; readonly source: string }
  /**
   * True if the host joins fields of the same name in a rule with a comma, so that each policy may have its own line.
   */
  readonly joinsRepeated: boolean
  /** The reason why the file cannot have separate policies for pages, if it cannot. */
  readonly onePolicy?: string
  /** True if the host reads the file before the build, so hashes in it would be out of date. */
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

/** Reports more rules in a file than the host reads; we generated `generated` of them. */
export function tooManyRules(count: number, generated: number, { host, rules }: HostLimits): Finding[] {
  if (!rules || count <= rules.count) return []
  const way =
    generated > 1
      ? `Set ${option({ layout: 'union' })} or ${option({ layout: 'split' })}: one rule is enough for all pages.`
      : 'Remove rules of your own, or replace several by one with a *.'
  return [finding('header-rules-too-many', { host, count, limit: rules.count, way })]
}

/** Puts all policies into one field; uses one field per policy if only that fits and every host joins fields. */
export function shapeFields(policies: readonly Policy[], limits: readonly HostLimits[]): HeaderField[] {
  const joined = policyFields(policies)
  if (fits(joined, limits) || !limits.every(({ joinsRepeated }) => joinsRepeated)) return joined
  const separate = policyFields(policies, 'separate')
  return fits(separate, limits) ? separate : joined
}
