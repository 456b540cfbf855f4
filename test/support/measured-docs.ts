import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'

const DOCS = join(import.meta.dirname, '../../docs/security.md')

export const readDocs = (): string => readFileSync(DOCS, 'utf8')

/**
 * Holds what stands between the markers of docs/security.md to what was measured, by the name of the markers; with
 * UPDATE_DOCS=1, writes it there.
 */
export function checkDocs(tables: Readonly<Record<string, string>>): void {
  const before = readDocs()
  let after = before
  for (const [name, table] of Object.entries(tables)) {
    const [begin, end] = [`<!-- measured:${name}:begin -->\n`, `\n<!-- measured:${name}:end -->`]
    const [from, to] = [after.indexOf(begin) + begin.length, after.indexOf(end)]
    if (to < from) throw new Error(`docs/security.md has no markers for ${name}.`)
    after = after.slice(0, from) + table + after.slice(to)
  }
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(DOCS, after)
  else expect(before).toBe(after)
}
