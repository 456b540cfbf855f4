import { algorithmOf, digest } from '../core/site/digest.ts'
import { type Finding, finding } from '../core/findings/index.ts'
import type { IntegrityMetadata } from '../core/site/model.ts'
import { readFile } from '../files/read.ts'

export interface Expected {
  readonly pages: ReadonlyMap<string, string>
  readonly pins: ReadonlyMap<string, IntegrityMetadata>
}

/** Reads back what was written: every page must be as it was made, every pinned file as it was hashed. */
export function checkDisk(directory: string, { pages, pins }: Expected): Finding[] {
  const findings: Finding[] = []
  for (const [file, html] of pages) {
    const bytes = readFile(directory, file)
    if (!bytes?.equals(Buffer.from(html))) findings.push(finding('page-changed', { file }))
  }
  for (const [file, integrity] of pins) {
    const bytes = readFile(directory, file)
    if (!bytes || digest(bytes, algorithmOf(integrity)) !== integrity)
      findings.push(finding('file-changed', { file }))
  }
  return findings
}
