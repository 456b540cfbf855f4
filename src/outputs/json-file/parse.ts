import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'
import { checkDepth } from '../../bounded/json.ts'
import { type Finding, finding } from '../../core/findings/index.ts'

/** JSON with the offsets of every value, so that we can edit it and keep the user's formatting. */
export type JsonNode = JsonObject | JsonArray | JsonScalar

interface Placed {
  readonly start: number
  readonly end: number
}

export interface JsonMember extends Placed {
  readonly key: string
  readonly value: JsonNode
}

export interface JsonObject extends Placed {
  readonly kind: 'object'
  readonly members: readonly JsonMember[]
}

export interface JsonArray extends Placed {
  readonly kind: 'array'
  readonly items: readonly JsonNode[]
}

export interface JsonScalar extends Placed {
  readonly kind: 'scalar'
  readonly value: string | number | boolean | null
}

export class JsonSyntaxError extends Error {
  override name = 'JsonSyntaxError'
  readonly offset: number

  constructor(expected: string, offset: number) {
    super(`expected ${expected}`)
    this.offset = offset
  }
}

/** Maps the parser's error codes to the token that it expected. */
const EXPECTED: Readonly<Record<string, string>> = {
  PropertyNameExpected: 'the name of a property',
  ValueExpected: 'a value',
  ColonExpected: '":"',
  CommaExpected: '","',
  CloseBraceExpected: '"}"',
  CloseBracketExpected: '"]"',
  EndOfFileExpected: 'the end of the file',
  UnexpectedEndOfString: 'the end of the string',
  UnexpectedEndOfComment: 'the end of the comment',
}

function nodeOf(node: Node): JsonNode {
  const { offset: start, children = [] } = node
  const end = start + node.length
  if (node.type === 'array') return { kind: 'array', start, end, items: children.map(nodeOf) }
  if (node.type !== 'object') return { kind: 'scalar', start, end, value: node.value as JsonScalar['value'] }
  const members = children.flatMap(({ offset, children: [key, value] = [] }) => {
    const of = value && nodeOf(value)
    return key && of ? [{ start: offset, end: of.end, key: String(key.value), value: of }] : []
  })
  return { kind: 'object', start, end, members }
}

/**
 * Parses JSON with comments, which Firebase allows, and skips a byte order mark.
 * @throws {JsonSyntaxError} with the offset
 */
export function parseJson(text: string): JsonNode {
  const errors: ParseError[] = []
  const root = parseTree(text.replace(/^\uFEFF/, ' '), errors)
  const [first] = errors
  if (!root || first) {
    const expected = EXPECTED[first ? printParseErrorCode(first.error) : ''] ?? 'a value'
    throw new JsonSyntaxError(expected, first?.offset ?? 0)
  }
  return nodeOf(root)
}

export function memberOf(node: JsonNode | undefined, key: string): JsonMember | undefined {
  return node?.kind === 'object' ? node.members.findLast((member) => member.key === key) : undefined
}

export function stringAt(node: JsonNode | undefined, key: string): string | undefined {
  const value = memberOf(node, key)?.value
  return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined
}

/** Parses the user's file as an object; returns a finding if that is not possible. */
export function openObject(file: string, text: string): JsonObject | Finding {
  const unusable = (reason: string, offset: number): Finding =>
    finding(
      'host-file-unusable',
      { file, reason, way: 'Correct the file; nothing was written into it.' },
      { file, source: text, offset },
    )
  try {
    checkDepth(text)
    const node = parseJson(text)
    return node.kind === 'object' ? node : unusable('it is not an object', node.start)
  } catch (error) {
    if (error instanceof JsonSyntaxError) return unusable(error.message, error.offset)
    if (error instanceof SyntaxError) return unusable(error.message, 0)
    throw error
  }
}

export function isFinding(opened: JsonObject | Finding): opened is Finding {
  return 'code' in opened
}

/** Like {@link openObject}, but returns `undefined` for a missing or broken file. */
export function openQuietly(text: string | undefined): JsonObject | undefined {
  const opened = text === undefined ? undefined : openObject('', text)
  return opened && !isFinding(opened) ? opened : undefined
}
