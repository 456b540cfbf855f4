import { readFileSync } from 'node:fs'
import type { FindingCode } from '../core/findings/index.ts'

/** This module has the same depth in `src` and in `dist`, so the path works in both. */
const FINDINGS_PAGE = new URL('../../docs/findings.md', import.meta.url)

/** Formats Markdown for a terminal: without links, emphasis and code fences. */
function plain(markdown: string): string {
  return markdown
    .replace(/^```.*\n/gm, '')
    .replace(/\*\*([^*]+)\*\*/g, '$1')
    .replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replace(/^\|(?:-+\|)+\n/gm, '')
    .trim()
}

/** The section of docs/findings.md about a code. */
export function explainCode(code: FindingCode): string {
  const page = readFileSync(FINDINGS_PAGE, 'utf8')
  const from = page.indexOf(`### ${code}\n`)
  const section = page.slice(from).split(/\n##+ /, 1)[0] ?? ''
  return `${plain(section.replace(/^### .*\n/, `${code}\n`))}\n`
}
