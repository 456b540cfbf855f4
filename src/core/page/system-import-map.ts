import { importMapText } from '../graph/import-map-text.ts'
import type { InlineScript, IntegrityMetadata } from '../site/model.ts'
import { OURS } from '../html/scan.ts'

const DATA_SRC = /\sdata-src\s*=\s*(?:"([^"]+)"|'([^']+)'|([^\s"'>]+))/i

/**
 * The URL that an inline script hands to SystemJS. `@vitejs/plugin-legacy` keeps it in an attribute of the script's own
 * element: `System.import(document.getElementById(…).getAttribute('data-src'))`.
 */
export function systemEntry(source: string, { span, textSpan, text }: InlineScript): string | undefined {
  if (!text.includes('System.import')) return undefined
  const [, ...urls] = DATA_SRC.exec(source.slice(span.start, textSpan.start)) ?? []
  return urls.find((url) => url !== undefined)
}

/**
 * SystemJS loads scripts of its own making, which browsers' import maps say nothing of; it has maps of its own.
 * @see https://github.com/systemjs/systemjs/blob/main/docs/import-maps.md
 */
export function systemImportMap(integrity: ReadonlyMap<string, IntegrityMetadata>): string {
  const text = importMapText(undefined, { imports: new Map(), integrity })
  return `<script type="systemjs-importmap" ${OURS}>${text}</script>`
}
