import { join } from 'node:path'
import { algorithmOf, digest } from '../core/site/digest.ts'
import { type Finding, finding } from '../core/findings/index.ts'
import type { IntegrityMetadata } from '../core/site/model.ts'
import { readFile } from '../files/read.ts'
import { StagedWrites } from '../files/staged-writes.ts'
import type { OutputFile } from '../outputs/output.ts'

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

/**
 * Writes the files that hosts read from the root of the project (`vercel.json`), all or none. They may be the user's
 * own, so this comes last, when everything else has gone well.
 */
export function writeProjectFiles(root: string, files: readonly OutputFile[]): void {
  const writes = new StagedWrites()
  try {
    for (const { path, content } of files) writes.stage(path, join(root, path), Buffer.from(content))
    writes.commit()
  } catch (error) {
    writes.discard()
    throw error
  }
}
