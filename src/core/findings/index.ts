import { codeFrame, positionOf } from '../text/code-frame.ts'
import { FILE_FINDINGS } from './files.ts'
import { HOST_FINDINGS } from './hosts.ts'
import type { FindingKind, Severity } from './kind.ts'
import { LOADING_FINDINGS } from './loading.ts'
import { readHint, type Setting } from './option.ts'
import { POLICY_FINDINGS } from './policy.ts'
import { REFUSAL_FINDINGS } from './refusals.ts'
import { USE_FINDINGS } from './use.ts'

export type { Severity } from './kind.ts'

/** The level that the user may set for a code: `off` silences it. */
export type FindingLevel = 'error' | 'warn' | 'off'

/**
 * Every finding with its default severity and texts, grouped by topic in ./findings/. Codes are stable, the texts
 * are not; docs/findings.md has a section for each code.
 */
export const FINDINGS = {
  ...LOADING_FINDINGS,
  ...FILE_FINDINGS,
  ...HOST_FINDINGS,
  ...USE_FINDINGS,
  ...POLICY_FINDINGS,
  ...REFUSAL_FINDINGS,
} as const

export type FindingCode = keyof typeof FINDINGS
type DataOf<Code extends FindingCode> = Parameters<(typeof FINDINGS)[Code]['message']>[0]

export interface FindingLocation {
  /** Path of the file, relative to the site or to the project. */
  readonly file: string
  readonly line: number
  readonly column: number
  readonly frame: string
}

/** A problem or a remark to report to the user. */
export interface Finding {
  readonly code: FindingCode
  readonly severity: Severity
  readonly message: string
  /** How to fix it, with options written as the plugin takes them. */
  readonly hint: string
  /** The options that the hint mentions, in order of appearance. */
  readonly options?: readonly Setting[]
  readonly location: FindingLocation | undefined
}

export interface FindingPlace {
  readonly file: string
  readonly source: string
  readonly offset: number
}

export function finding<Code extends FindingCode>(
  code: Code,
  data: DataOf<Code>,
  place?: FindingPlace,
): Finding {
  // The table pairs each code with its data; indexing it by a type parameter loses that pairing.
  const { severity, message, hint } = FINDINGS[code] as unknown as FindingKind<DataOf<Code>>
  const { hint: written, options } = readHint(hint(data))
  const found = {
    code,
    severity,
    message: message(data),
    hint: written,
    ...(options.length > 0 ? { options } : {}),
  }
  if (!place) return { ...found, location: undefined }
  const position = positionOf(place.source, place.offset)
  return {
    ...found,
    location: { file: place.file, ...position, frame: codeFrame(place.source, position, place.offset) },
  }
}

/**
 * Applies the user's levels: findings with a code set to `off` are dropped, `error` and `warn` replace the
 * default.
 */
export function applyLevels(
  findings: readonly Finding[],
  levels: ReadonlyMap<FindingCode, FindingLevel>,
): Finding[] {
  return findings.flatMap((found) => {
    const level = levels.get(found.code)
    if (level === 'off') return []
    return level ? [{ ...found, severity: level }] : [found]
  })
}

/** The command that prints the documentation of a code. */
export function explainLine(code: FindingCode): string {
  return `npx csp-hashes explain ${code}`
}

export function isFindingCode(code: string): code is FindingCode {
  return Object.hasOwn(FINDINGS, code)
}
