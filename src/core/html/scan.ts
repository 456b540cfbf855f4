import type { ScannedPage } from '../site/model.ts'
import { ElementCollector } from './collector.ts'
import { ScanParser } from './fast/scan-parser.ts'
import { headStart, inOrder, report } from './fast/report.ts'

export { OURS } from './collector.ts'

const BOM = '\uFEFF'

/**
 * The ways in which current browsers parse a document: one, unless a `<select>` has content that only the newer
 * rules allow.
 */
function readingsOf(html: string): [ScanParser, ...ScanParser[]] {
  const parser = new ScanParser(html)
  parser.run()
  if (!parser.droppedInSelect) return [parser]
  const open = new ScanParser(html, true)
  open.run()
  return [parser, open]
}

function readFrame(html: string, collector: ElementCollector): void {
  report(readingsOf(html), collector, true)
}

/**
 * Scans a page in one or two parses: its resources in document order, and where a policy can be inserted. Text
 * content is that of the HTML parser (CR and CRLF become LF, U+0000 becomes U+FFFD), which is the text that
 * engines hash.
 */
export function scanPage(path: string, source: string): ScannedPage {
  // parse5 treats a byte order mark as text, which would open the body; browsers drop it before parsing.
  const shift = source.startsWith(BOM) ? 1 : 0
  const readings = readingsOf(source.slice(shift))
  const collector = new ElementCollector(shift, readFrame)
  report(readings, collector)
  const found = collector.found()
  const resources = inOrder(readings)
    ? found.resources
    : found.resources.toSorted((a, b) => a.span.start - b.span.start)
  return { path, source, headStart: headStart(readings[0]) + shift, ...found, resources }
}
