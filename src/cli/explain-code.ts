import { readFileSync } from 'node:fs'
import type { FindingCode } from '../core/findings/index.ts'

/** Lies as deep in `dist` as in `src`. */
const FINDINGS_PAGE = new URL('../../docs/findings.md', import.meta.url)

/** Markdown as a terminal shows it: no links, no emphasis, no fences. */
function plain(markdown: string): string {
  return markdown
    .replace(/^```.*\n/gm, '')
    .replace(/\*\*([^*]+)\*\*/g, '$1')
    .replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replace(/^\|(?:-+\|)+\n/gm, '')
    .trim()
}

/** What docs/findings.md says about a code. */
export function explainCode(code: FindingCode): string {
  const page = readFileSync(FINDINGS_PAGE, 'utf8')
  const from = page.indexOf(`### ${code}\n`)
  const section = page.slice(from).split(/\n##+ /, 1)[0] ?? ''
  return `${plain(section.replace(/^### .*\n/, `${code}\n`))}\n`
}
