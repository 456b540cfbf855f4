import { type Edit, editText } from '../text/edit-text.ts'
import type { Policy, ScannedPage, Span } from '../site/model.ts'
import { OURS } from '../html/scan.ts'
import { escapeAttribute, serialisePolicy } from '../csp/serialise.ts'

/** What is put into the head in one piece. */
export interface HeadBlock {
  readonly policies: readonly Policy[]
  /** Source of an import map element, if a new one is needed. */
  readonly importMap: string | undefined
}

/** Browsers look for the encoding in so many bytes. @see https://html.spec.whatwg.org/multipage/semantics.html#charset */
const CHARSET_WINDOW = 1024

/** Behind the charset, which must stay near the top, or at the start of the head where something stands before it. */
export function headAnchor({ charset, firstGoverned, headStart }: ScannedPage): number {
  return charset && charset.span.start >= headStart && charset.span.start < firstGoverned
    ? charset.span.end
    : headStart
}

function separator(source: string, anchor: number): string {
  // On a line of its own, indented as what follows, where the page is laid out in lines.
  return /^(?:\r\n|\r|\n)[ \t]*/.exec(source.slice(anchor, anchor + 200))?.[0] ?? ''
}

function policyMeta(policy: Policy): string {
  return `<meta http-equiv="Content-Security-Policy" content="${escapeAttribute(serialisePolicy(policy))}" ${OURS}>`
}

function charsetCopy(page: ScannedPage, anchor: number, block: string): string[] {
  if (!page.charset || page.charset.span.start < anchor) return []
  const { start, end } = page.charset.span
  const before = page.source.slice(0, end)
  if (Buffer.byteLength(before) + Buffer.byteLength(block) <= CHARSET_WINDOW) return []
  return [page.source.slice(start, end).replace(/^<meta/i, (tag) => `${tag} ${OURS}`)]
}

function headText(page: ScannedPage, anchor: number, { policies, importMap }: HeadBlock): string {
  const elements = [...policies.map(policyMeta), ...(importMap === undefined ? [] : [importMap])]
  const between = separator(page.source, anchor)
  return [...charsetCopy(page, anchor, elements.join('')), ...elements]
    .map((element) => between + element)
    .join('')
}

/** Elements of an earlier run, with the white space that it put before them. */
function leftovers(page: ScannedPage): Span[] {
  const ours = [...page.policyMetas.filter((one) => one.ours).map((one) => one.span), ...page.strays]
  return ours.map(({ start, end }) => {
    let from = start
    while (/[ \t\r\n]/.test(page.source.charAt(from - 1))) from--
    return { start: from, end }
  })
}

/** Applies all edits to a page in one pass. Whatever is not edited stays byte for byte. */
export function rewritePage(page: ScannedPage, edits: readonly Edit[], block: HeadBlock): string {
  const anchor = headAnchor(page)
  const removed = leftovers(page).map((span): Edit => ({ kind: 'replace', span, text: '' }))
  const inserted: Edit = { kind: 'insert', offset: anchor, text: headText(page, anchor, block) }
  return editText(page.source, [...removed, ...edits, inserted])
}
