import { join } from 'node:path'
import { StagedWrites } from '../files/staged-writes.ts'
import type { OutputFile } from '../outputs/output.ts'

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
