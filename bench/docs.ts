import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './places.ts'

const FILE = join(ROOT, 'docs/performance.md')

/** A table in Markdown; numbers stand to the right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const rule = `|${head.map((_, i) => (i === 0 ? '---|' : '--:|')).join('')}`
  return [line(head), rule, ...rows.map(line)].join('\n')
}

/** Prints the result of a section, and puts it between the section's markers in the documentation. */
export function publish(section: string, text: string): void {
  console.log(`\n${text}\n`)
  const begin = `<!-- bench:${section}:begin -->`
  const end = `<!-- bench:${section}:end -->`
  mkdirSync(join(ROOT, 'docs'), { recursive: true })
  const page = readFileSync(FILE, 'utf8')
  const from = page.indexOf(begin)
  const to = page.indexOf(end)
  if (from === -1 || to < from) throw new Error(`docs/performance.md has no ${begin} … ${end}`)
  writeFileSync(FILE, `${page.slice(0, from + begin.length)}\n${text}\n${page.slice(to)}`)
}
