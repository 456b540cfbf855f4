import { type Finding, finding } from '../../core/findings/index.ts'
import { type JsonObject, JsonSyntaxError, parseJson } from './parse.ts'

/** The user's file as an object, or why it is none. */
export function openObject(file: string, text: string): JsonObject | Finding {
  const unusable = (reason: string, offset: number): Finding =>
    finding(
      'host-file-unusable',
      { file, reason, way: 'Correct the file; nothing was written into it.' },
      { file, source: text, offset },
    )
  try {
    const node = parseJson(text)
    return node.kind === 'object' ? node : unusable('it is not an object', node.start)
  } catch (error) {
    if (error instanceof JsonSyntaxError) return unusable(error.message, error.offset)
    throw error
  }
}

export function isFinding(opened: JsonObject | Finding): opened is Finding {
  return 'code' in opened
}

/** The same for a file that may be missing or broken, which then says nothing. */
export function openQuietly(text: string | undefined): JsonObject | undefined {
  const opened = text === undefined ? undefined : openObject('', text)
  return opened && !isFinding(opened) ? opened : undefined
}
