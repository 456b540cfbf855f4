import { type Finding, finding } from '../../core/findings/index.ts'

/** JSON with the place of every value, so that it can be edited without losing how the user wrote it. */
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

const SPACE = /(?:[\s\uFEFF]|\/\/[^\n]*|\/\*[^]*?\*\/)*/y
const STRING = /"(?:[^"\\]|\\[^])*"/y
const LITERAL = /-?[0-9][0-9.eE+-]*|true|false|null/y

class Reader {
  position = 0

  constructor(private readonly text: string) {}

  /** What a sticky expression matches here, passed over. */
  private take(expression: RegExp): string | undefined {
    expression.lastIndex = this.position
    const found = expression.exec(this.text)?.[0]
    this.position += found?.length ?? 0
    return found
  }

  /** Passes over white space, comments (Firebase reads them), and then the character, if it is there. */
  accepts(character: string): boolean {
    this.take(SPACE)
    if (this.text[this.position] !== character) return false
    this.position++
    return true
  }

  private expects(character: string): void {
    if (!this.accepts(character)) throw new JsonSyntaxError(`"${character}"`, this.position)
  }

  private scalar(expression: RegExp, expected: string): JsonScalar {
    this.take(SPACE)
    const start = this.position
    const written = this.take(expression)
    try {
      return {
        kind: 'scalar',
        start,
        end: this.position,
        value: JSON.parse(written ?? '') as JsonScalar['value'],
      }
    } catch {
      throw new JsonSyntaxError(expected, start)
    }
  }

  private list<Item>(close: string, item: () => Item): Item[] {
    const items: Item[] = []
    while (!this.accepts(close)) {
      if (items.length > 0) this.expects(',')
      items.push(item())
    }
    return items
  }

  private member(): JsonMember {
    const key = this.scalar(STRING, 'the name of a property')
    this.expects(':')
    const value = this.value()
    return { start: key.start, end: value.end, key: String(key.value), value }
  }

  value(): JsonNode {
    if (this.accepts('{')) {
      const start = this.position - 1
      const members = this.list('}', () => this.member())
      return { kind: 'object', start, end: this.position, members }
    }
    if (this.accepts('[')) {
      const start = this.position - 1
      const items = this.list(']', () => this.value())
      return { kind: 'array', start, end: this.position, items }
    }
    return this.scalar(this.text[this.position] === '"' ? STRING : LITERAL, 'a value')
  }

  end(): void {
    this.take(SPACE)
    if (this.position < this.text.length) throw new JsonSyntaxError('the end of the file', this.position)
  }
}

/** @throws {JsonSyntaxError} with the offset */
export function parseJson(text: string): JsonNode {
  const reader = new Reader(text)
  const node = reader.value()
  reader.end()
  return node
}

export function memberOf(node: JsonNode | undefined, key: string): JsonMember | undefined {
  return node?.kind === 'object' ? node.members.findLast((member) => member.key === key) : undefined
}

export function stringAt(node: JsonNode | undefined, key: string): string | undefined {
  const value = memberOf(node, key)?.value
  return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined
}

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
