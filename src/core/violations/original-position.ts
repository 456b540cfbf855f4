import { SourceMap, type SourceMapPayload } from 'node:module'
import type { Position } from '../text/code-frame.ts'

export interface OriginalPosition extends Position {
  /** As the source map names it, its `sourceRoot` in front. */
  readonly source: string
}

function parsed(map: string | object): SourceMapPayload | undefined {
  try {
    const payload = (typeof map === 'string' ? JSON.parse(map.replace(/^\)\]\}'[^\n]*\n/, '')) : map) as
      | SourceMapPayload
      | undefined
    return payload?.version === 3 ? payload : undefined
  } catch {
    return undefined
  }
}

/**
 * Where a position of a script was written, by its source map; `undefined` where the map does not say.
 * @see https://tc39.es/ecma426/
 */
export function originalPosition(
  map: string | object,
  { line, column }: Position,
): OriginalPosition | undefined {
  const payload = parsed(map)
  if (!payload) return undefined
  const entry = new SourceMap(payload).findEntry(line - 1, column - 1)
  // Beyond the last mapping of a line, Node answers with one of another line.
  if (!('originalSource' in entry) || entry.generatedLine !== line - 1 || !entry.originalSource)
    return undefined
  const root = payload.sourceRoot ? `${payload.sourceRoot.replace(/\/$/, '')}/` : ''
  return {
    source: `${root}${entry.originalSource}`,
    line: entry.originalLine + 1,
    column: entry.originalColumn + 1,
  }
}
