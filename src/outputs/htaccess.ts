import { type Finding, finding } from '../core/findings/index.ts'
import { compilePattern } from '../bounded/pattern.ts'
import { escapeRegExp } from '../core/text/regexp.ts'
import { linesOf } from './marked-lines.ts'

const HEADER = /^Header\s+(?:(?:always|onsuccess)\s+)?[a-z*]+\s+"?([^\s"]+)/i
const SECTION = /^<(\/?)(Files|FilesMatch)\b\s*(~\s*)?"?([^">]*)"?>/i

/** True if a section applies to a page. An expression that we cannot read is assumed to apply. */
function coversPage(kind: string, pattern: string, pages: readonly string[]): boolean {
  const source =
    kind === 'files'
      ? `^${escapeRegExp(pattern)
          .replaceAll(/(?:\\\*)+/g, '.*')
          .replaceAll('\\?', '.')}$`
      : pattern
  const compiled = compilePattern(source)
  return !compiled || pages.some((page) => compiled.test(page.slice(page.lastIndexOf('/') + 1)))
}

/** Matches only to the end of the line, because a condition may follow the value. */
const SETS_NOSNIFF =
  /^Header\s+(?:(?:always|onsuccess)\s+)?(?:set|setifempty)\s+"?X-Content-Type-Options"?\s+"?nosniff"?$/i

/** True if the user's own lines send `nosniff` on every path. */
export function htaccessSetsNosniff(own: string): boolean {
  let sections = 0
  return linesOf(own).some(({ text, generated }) => {
    if (/^<(?!\/|IfModule\b)/i.test(text)) sections++
    if (/^<\/(?!IfModule\b)/i.test(text)) sections--
    return !generated && sections === 0 && SETS_NOSNIFF.test(text)
  })
}

/** Reports the user's own headers in an `.htaccess` that are also generated: Apache would send one of them, or both. */
export function htaccessConflicts(
  own: string,
  names: ReadonlySet<string>,
  pages: readonly string[],
): Finding[] {
  const findings: Finding[] = []
  let covered = true
  for (const { start, end, text, generated } of linesOf(own)) {
    if (generated) continue
    const [section, closing, kind = '', regular, pattern = ''] = SECTION.exec(text) ?? []
    if (section !== undefined) {
      const written = kind.toLowerCase() === 'filesmatch' || regular ? 'filesmatch' : 'files'
      covered = closing === '/' || coversPage(written, pattern, pages)
    }
    const name = HEADER.exec(text)?.[1]
    if (name === undefined || !covered || !names.has(name.toLowerCase())) continue
    const offset = start + own.slice(start, end).search(/\S/)
    findings.push(
      finding(
        'header-conflict',
        { header: name, path: '.htaccess' },
        { file: '.htaccess', source: own, offset },
      ),
    )
  }
  return findings
}
