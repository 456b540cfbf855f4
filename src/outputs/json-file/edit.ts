import { lineBreakOf } from '../marked-lines.ts'
import type { JsonArray, JsonNode, JsonObject } from './parse.ts'

type Container = JsonArray | JsonObject

/** The indentation unit of the file. */
function unitOf(text: string): string {
  return /\n([ \t]+)\S/.exec(text)?.[1] ?? '  '
}

function indentAt(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset)
  return /^[ \t]*/.exec(line)?.[0] ?? ''
}

function entriesOf(container: Container): readonly { readonly start: number; readonly end: number }[] {
  return container.kind === 'array' ? container.items : container.members
}

function render(text: string, entries: readonly string[], indent: string): string {
  const lineBreak = lineBreakOf(text)
  return entries.map((entry) => entry.replaceAll('\n', lineBreak + indent)).join(`,${lineBreak}${indent}`)
}

function append(text: string, container: Container, entries: readonly string[]): string {
  const lineBreak = lineBreakOf(text)
  const last = entriesOf(container).at(-1)
  if (last) {
    const indent = indentAt(text, last.start)
    return `${text.slice(0, last.end)},${lineBreak}${indent}${render(text, entries, indent)}${text.slice(last.end)}`
  }
  const outer = indentAt(text, container.start)
  const indent = outer + unitOf(text)
  const inside = text.slice(container.start + 1, container.end - 1)
  const kept = inside.trim() === '' ? '' : inside
  return `${text.slice(0, container.start + 1)}${lineBreak}${indent}${render(text, entries, indent)}${lineBreak}${outer}${kept}${text.slice(container.end - 1)}`
}

/** Removes one entry and the comma next to it. */
function cut(text: string, container: Container, index: number): string {
  const entries = entriesOf(container)
  const entry = entries[index]
  if (!entry) return text
  const [before, after] = [entries[index - 1], entries[index + 1]]
  const start = before ? before.end : entry.start
  const end = before || !after ? entry.end : after.start
  return text.slice(0, start) + text.slice(end)
}

/**
 * Replaces the entries of an array or object whose indexes are in `own`. The new entries go where the first of them
 * was, or to the end if there is none. `entries` are JSON, indented by {@link unitOf}. Everything else stays byte for
 * byte.
 */
export function replaceEntries(
  text: string,
  container: Container,
  own: readonly number[],
  entries: readonly string[],
): string {
  const [first, ...others] = own
  let edited = text
  // Cut from the end, so that offsets stay valid.
  for (const index of others.toReversed()) edited = cut(edited, container, index)
  const place = first === undefined ? undefined : entriesOf(container)[first]
  if (first === undefined || !place) return entries.length === 0 ? edited : append(edited, container, entries)
  if (entries.length === 0) return cut(edited, container, first)
  const rendered = render(edited, entries, indentAt(edited, place.start))
  return edited.slice(0, place.start) + rendered + edited.slice(place.end)
}

/** Renders a value as an entry of an array or, with a name, as a member of an object. */
export function entryOf(text: string, value: unknown, name?: string): string {
  const json = JSON.stringify(value, undefined, unitOf(text))
  return name === undefined ? json : `${JSON.stringify(name)}: ${json}`
}

export function ownIndices(nodes: readonly JsonNode[], isOwn: (node: JsonNode) => boolean): number[] {
  return nodes.flatMap((node, index) => (isOwn(node) ? [index] : []))
}
