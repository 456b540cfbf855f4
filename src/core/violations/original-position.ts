import { SourceMap, type SourceMapPayload } from 'node:module'
import type { Position } from '../text/code-frame.ts'

export interface OriginalPosition extends Position {
  /** The source as named in the source map, prefixed with its `sourceRoot`. */
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
 * The original position of a position in a script, by its source map; `undefined` if the map has no entry for it.
 * @see https://tc39.es/ecma426/
 */
export function originalPosition(
  map: string | object,
  { line, column }: Position,
): OriginalPosition | undefined {
  const payload = parsed(map)
  if (!payload) return undefined
  const entry = new SourceMap(payload).findEntry(line - 1, column - 1)
  // After the last mapping of a line, Node returns a mapping of another line.
  if (!('originalSource' in entry) || entry.generatedLine !== line - 1 || !entry.originalSource)
    return undefined
  const root = payload.sourceRoot ? `${payload.sourceRoot.replace(/\/$/, '')}/` : ''
  return {
    source: `${root}${entry.originalSource}`,
    line: entry.originalLine + 1,
    column: entry.originalColumn + 1,
  }
}
