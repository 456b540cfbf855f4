import type { IntegrityMetadata, Source } from '../site/model.ts'

/** @see https://www.w3.org/TR/CSP3/#grammardef-hash-source */
export const hashSource = (hash: IntegrityMetadata, reason: Source['reason']): Source => ({
  expression: `'${hash}'`,
  reason,
})
