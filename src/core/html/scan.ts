import type { ScannedPage } from '../site/model.ts'
import { ElementCollector } from './collector.ts'
import { ScanParser } from './fast/scan-parser.ts'
import { headStart, report } from './fast/report.ts'

export { OURS } from './collector.ts'

const BOM = '\uFEFF'

function readFrame(html: string, collector: ElementCollector): void {
  const parser = new ScanParser(html)
  parser.run()
  report(parser, collector, true)
}

/**
 * Reads a page in one parse: its resources in document order, and where a policy can stand.
 * Text is what the HTML parser makes of it (CR and CRLF become LF, U+0000 becomes U+FFFD): what engines hash.
 */
export function scanPage(path: string, source: string): ScannedPage {
  // parse5 takes a byte order mark for text, which would open the body; browsers drop it before they parse.
  const shift = source.startsWith(BOM) ? 1 : 0
  const parser = new ScanParser(source.slice(shift))
  parser.run()
  const collector = new ElementCollector(shift, readFrame)
  report(parser, collector)
  return { path, source, headStart: headStart(parser) + shift, ...collector.found() }
}
