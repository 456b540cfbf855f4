import { remedyText } from '../core/violations/remedy.ts'
import { printable } from '../core/text/printable.ts'
import { messagesText } from '../summary.ts'
import type { TryResult } from './run.ts'

const MOST_ERRORS = 10

/**
 * Formats the result of a trial for a terminal: what was blocked, the options to add, and the number of opened
 * pages.
 */
export function tryText(
  result: TryResult,
  { quiet = false, verbose = false }: { readonly quiet?: boolean; readonly verbose?: boolean } = {},
): string {
  const { findings, errors, pages, browser, hostFile, ok } = result
  const block = remedyText(result.remedy)
  const bare = pages.filter((page) => !page.protected).map(({ url }) => url)
  const count = pages.length === 1 ? '1 page' : `${pages.length} pages`
  const headers = hostFile === undefined ? '' : `, with the headers of ${hostFile}`
  const parts = [
    ...(findings.length > 0 ? [`${messagesText(findings, { door: 'plugin', verbose })}\n\n`] : []),
    ...(quiet ? [] : listed('Differences', result.differences)),
    ...(quiet ? [] : listed('Errors in the console', errors)),
    ...bare.map((url) => `error: ${url} came without a policy, so nothing was tried there.\n\n`),
    ...(block === undefined
      ? []
      : [`To allow everything that was refused, add to the options:\n\n${block}\n\n`]),
    ...(quiet && ok ? [] : [`Opened ${count} in ${browser}${headers}: ${verdictOf(result)}.\n`]),
  ]
  return printable(parts.join(''))
}

function verdictOf({ findings }: TryResult): string {
  if (findings.length === 0) return 'nothing was refused'
  return findings.length === 1 ? '1 thing was refused' : `${findings.length} things were refused`
}

function listed(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return []
  const rest = lines.length - MOST_ERRORS
  const shown = lines.slice(0, MOST_ERRORS).map((line) => `  ${line.replaceAll('\n', '\n  ')}\n`)
  return [`${title}:\n`, ...shown, ...(rest > 0 ? [`  and ${rest} more\n`] : []), '\n']
}
