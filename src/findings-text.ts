import { type Finding, formatFinding } from './core/findings/index.ts'

/** Findings worth a line at this volume: the same one on many pages is told once, with how many they are. */
export function findingsText(findings: readonly Finding[], quiet: boolean): string {
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
