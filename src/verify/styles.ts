import { readStyleReferences, type StyleReference } from './css.ts'
import { blockDetail, requestBlockedBy, type DocumentState } from './document-state.ts'
import { tryUrl } from './import-map.ts'
import type { Position } from './page-items.ts'
import type { RefusalCode } from './refusals.ts'
import { nameOf } from './files-by-url.ts'

/** A stylesheet that is applied, either inline or from a file. */
export interface AppliedStyle {
  readonly at: Position
  readonly importer: string
  readonly base: URL
  readonly references: readonly StyleReference[]
}

const codes: Readonly<Record<StyleReference['directive'], RefusalCode>> = {
  'img-src': 'image-blocked',
  'font-src': 'font-blocked',
  'style-src-elem': 'stylesheet-blocked',
}

/** Checks the URLs in a `<style>` or a style attribute. */
export function followStyleText(state: DocumentState, text: string, at: Position, importer: string): void {
  followStyles(state, { at, importer, base: state.base, references: readStyleReferences(text) })
}

/** Checks the URLs in a stylesheet file. */
export function followStyleFile(state: DocumentState, url: URL, at: Position): void {
  const references = state.files.styleReferences(url)
  followStyles(state, { at, importer: nameOf(state.files, url), base: url, references })
}

function followStyles(state: DocumentState, style: AppliedStyle): void {
  const seen = new Set<string>()
  const queue = [style]
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { at, importer, base } = next
    for (const { directive, url: href } of next.references) {
      const url = tryUrl(href, base)
      if (url === undefined || seen.has(`${directive} ${url.href}`)) continue
      seen.add(`${directive} ${url.href}`)
      const subject = nameOf(state.files, url)
      const blocked = requestBlockedBy(state, { directive, url, parserInserted: true })
      if (blocked !== undefined)
        state.report(codes[directive], at, { subject, importer, ...blockDetail(blocked) })
      else if (directive === 'style-src-elem') {
        queue.push({ at, importer: subject, base: url, references: state.files.styleReferences(url) })
      }
    }
  }
}
