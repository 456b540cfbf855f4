import { type Edit, applyEdits } from './edit.ts'
import type { Policy, ScannedPage, Span } from '../site/model.ts'
import { OURS } from '../html/scan.ts'
import { serialisePolicy } from '../csp/serialise.ts'
import { escapeAttribute } from '../html/escape.ts'

/** The text that is inserted into the head in one piece. */
export interface HeadBlock {
  readonly policies: readonly Policy[]
  /** Source of an import map element, if a new one is needed. */
  readonly importMap: string | undefined
}

/**
 * Browsers look for the encoding in the first 1024 bytes.
 * @see https://html.spec.whatwg.org/multipage/semantics.html#charset
 */
const CHARSET_WINDOW = 1024

/**
 * The offset for the policy: after a charset meta at the very start of the head, otherwise at the start of the
 * head. Anything else before the charset could be a place where markup is injected, and text there would even move
 * the policy into the body.
 */
export function headAnchor({ source, charset, headStart }: ScannedPage): number {
  if (!charset || charset.span.start < headStart) return headStart
  return /^[\t\n\f\r ]*$/.test(source.slice(headStart, charset.span.start)) ? charset.span.end : headStart
}

function separator(source: string, anchor: number): string {
  // If the page is laid out in lines, use a new line with the indentation of the following line.
  return /^(?:\r\n|\r|\n)[ \t]*/.exec(source.slice(anchor, anchor + 200))?.[0] ?? ''
}

function policyMeta(policy: Policy): string {
  return `<meta http-equiv="Content-Security-Policy" content="${escapeAttribute(serialisePolicy(policy))}" ${OURS}>`
}

/**
 * Whether the edits push the charset out of the window in which browsers look for it, counted in bytes of the
 * finished page.
 */
function isPushedOut({ start, end }: Span, source: string, edits: readonly Edit[]): boolean {
  const before = edits.filter((edit) => (edit.kind === 'insert' ? edit.offset : edit.span.start) < start)
  return Buffer.byteLength(applyEdits(source.slice(0, end), before)) > CHARSET_WINDOW
}

/** Elements of an earlier run, with the white space that it inserted before them. */
function leftovers(page: ScannedPage): Span[] {
  const ours = [...page.policyMetas.filter((one) => one.ours).map((one) => one.span), ...page.strays]
  return ours.map(({ start, end }) => {
    let from = start
    while (/[ \t\r\n]/.test(page.source.charAt(from - 1))) from--
    return { start: from, end }
  })
}

/** Applies all edits to a page in one pass. All other text stays byte for byte. */
export function rewritePage(page: ScannedPage, edits: readonly Edit[], block: HeadBlock): string {
  const { source, charset } = page
  const anchor = headAnchor(page)
  const between = separator(source, anchor)
  const insert = (elements: readonly string[]): Edit => ({
    kind: 'insert',
    offset: anchor,
    text: elements.map((element) => between + element).join(''),
  })
  const removed = leftovers(page).map((span): Edit => ({ kind: 'replace', span, text: '' }))
  const others = [...removed, ...edits]
  const elements = block.policies.map(policyMeta)
  if (block.importMap !== undefined) elements.push(block.importMap)
  if (
    charset &&
    charset.span.start >= anchor &&
    isPushedOut(charset.span, source, [...others, insert(elements)])
  ) {
    const tag = source.slice(charset.span.start, charset.span.end)
    elements.unshift(tag.replace(/^<meta/i, (name) => `${name} ${OURS}`))
  }
  return applyEdits(source, [...others, insert(elements)])
}
