import type { ScannedPage } from '../site/model.ts'
import { ElementCollector } from './collector.ts'
import { ScanParser } from './fast/scan-parser.ts'
import { headStart, inOrder, report } from './fast/report.ts'

export { OURS } from './collector.ts'

const BOM = '\uFEFF'

/** The ways in which browsers of today read a document: one, unless a `<select>` has content of its newer kind. */
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
 * Reads a page in one parse, or two: its resources in document order, and where a policy can stand.
 * Text is what the HTML parser makes of it (CR and CRLF become LF, U+0000 becomes U+FFFD): what engines hash.
 */
export function scanPage(path: string, source: string): ScannedPage {
  // parse5 takes a byte order mark for text, which would open the body; browsers drop it before they parse.
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
