import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { digest } from '../core/digest.ts'
import { algorithmOf } from '../core/digest.ts'
import { type Finding, finding } from '../core/findings.ts'
import type { IntegrityMetadata } from '../core/model.ts'

export interface Expected {
  readonly pages: ReadonlyMap<string, string>
  readonly pins: ReadonlyMap<string, IntegrityMetadata>
}

function read(directory: string, path: string): Buffer | undefined {
  try {
    return readFileSync(join(directory, path))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Reads back what was written: every page must be as it was made, every pinned file as it was hashed. */
export function checkDisk(directory: string, { pages, pins }: Expected): Finding[] {
  const findings: Finding[] = []
  for (const [file, html] of pages) {
    const bytes = read(directory, file)
    if (!bytes?.equals(Buffer.from(html))) findings.push(finding('page-changed', { file }))
  }
  for (const [file, integrity] of pins) {
    const bytes = read(directory, file)
    if (!bytes || digest(bytes, algorithmOf(integrity)) !== integrity)
      findings.push(finding('file-changed', { file }))
  }
  return findings
}
