import { type Finding, formatFinding } from './core/findings/index.ts'
import type { SecuredPage, SecuredSite } from './pipeline.ts'

const MOST_ROWS = 20

/** A visitor notices nothing of a smaller import map. */
const LARGE_IMPORT_MAP = 20_000

interface Column {
  readonly title: string
  readonly align: 'left' | 'right'
}

const COLUMNS: readonly Column[] = [
  { title: 'page', align: 'left' },
  { title: 'inline hashed', align: 'right' },
  { title: 'files pinned', align: 'right' },
  { title: 'policy', align: 'right' },
  { title: 'delivered', align: 'left' },
]

function table(rows: readonly (readonly string[])[]): string[] {
  const all = [COLUMNS.map((column) => column.title), ...rows]
  const widths = COLUMNS.map((_, index) => Math.max(...all.map((row) => (row[index] ?? '').length)))
  return all.map((row) =>
    row
      .map((cell, index) =>
        COLUMNS[index]?.align === 'right'
          ? cell.padStart(widths[index] ?? 0)
          : cell.padEnd(widths[index] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  )
}

/** A row for each page: what was hashed and pinned, how large the policy is, where it went. */
export function summaryTable({
  pages,
  places,
}: Pick<SecuredSite, 'places'> & {
  readonly pages: readonly Pick<SecuredPage, 'path' | 'summary'>[]
}): string {
  const rows = pages
    .slice(0, MOST_ROWS)
    .map(({ path, summary }) => [
      path,
      String(summary.inlineScripts),
      String(summary.pinnedFiles),
      `${summary.policyLength} B`,
      places.join(', '),
    ])
  const rest = pages.length - rows.length
  return [
    ...table(rows),
    ...(rest > 0 ? [`… and ${rest} more pages`] : []),
    ...importMapLine(pages.map(({ path, summary }) => ({ path, length: summary.importMapLength }))),
  ].join('\n')
}

/** What the pins of lazy files cost every visitor, where that is much: hashes hardly compress. */
function importMapLine(maps: readonly { readonly path: string; readonly length: number }[]): string[] {
  const large = maps.filter(({ length }) => length >= LARGE_IMPORT_MAP)
  const [first, ...others] = large.toSorted((a, b) => b.length - a.length)
  if (!first) return []
  const size = `${(first.length / 1000).toFixed(0)} kB, more than half of it when compressed`
  const where = others.length > 0 ? `${first.path}, the largest of ${large.length}` : first.path
  return [`import map  ${size}: ${where}. algorithm: 'sha256' takes a quarter off.`]
}

/** The table, and what is left for the user to do. */
export function summaryText({
  notes,
  ...site
}: Parameters<typeof summaryTable>[0] & Pick<SecuredSite, 'notes'>): string {
  return [summaryTable(site), ...notes].join('\n')
}

/** Findings as one text, a blank line between them. */
export function findingsText(findings: readonly Finding[]): string {
  return findings.map(formatFinding).join('\n\n')
}

/** Findings worth a line at this volume: the same one on many pages is told once, with how many they are. */
export function countedFindings(findings: readonly Finding[], quiet: boolean): string {
  const told = new Map<string, { readonly first: Finding; more: number }>()
  for (const found of findings) {
    if (quiet && found.severity !== 'error') continue
    const key = `${found.severity} ${found.code} ${found.message}`
    const known = told.get(key)
    if (known) known.more++
    else told.set(key, { first: found, more: 0 })
  }
  return [...told.values()]
    .map(({ first, more }) => {
      const rest = more === 0 ? '' : `\n  and ${more} more ${more === 1 ? 'place' : 'places'}`
      return `${first.severity}: ${formatFinding(first)}${rest}\n\n`
    })
    .join('')
}
