import { join } from 'node:path'
import { applyLevels, type Finding, finding } from '../core/findings/index.ts'
import { algorithmOf, digest } from '../core/site/digest.ts'
import { readFile } from '../files/read.ts'
import { StagedWrites } from '../files/staged-writes.ts'
import type { ResolvedOptions } from '../options.ts'
import type { OutputFile } from '../outputs/output.ts'
import type { SecuredSite } from '../pipeline.ts'
import type { BuildState, OutputDirectory } from './build-state.ts'
import type { HookContext } from './hook-context.ts'

/** Reads back what was written: every page must be as it was made, every pinned file as it was hashed. */
export function readBack(
  directory: string,
  { pages, pins }: Pick<SecuredSite, 'pages' | 'pins'>,
  { findings: levels }: Pick<ResolvedOptions, 'findings'>,
): Finding[] {
  const findings: Finding[] = []
  for (const { path: file, html } of pages) {
    const bytes = readFile(directory, file)
    if (!bytes?.equals(Buffer.from(html))) findings.push(finding('page-changed', { file }))
  }
  for (const [file, integrity] of pins) {
    const bytes = readFile(directory, file)
    if (!bytes || digest(bytes, algorithmOf(integrity)) !== integrity)
      findings.push(finding('file-changed', { file }))
  }
  return applyLevels(findings, levels)
}

/** Reads a directory back when every plugin is done, and writes the files of the project if nothing is wrong. */
export function closeDirectory(
  { options, config }: BuildState,
  context: HookContext,
  path: string,
  directory: OutputDirectory,
): void {
  const { secured } = directory
  if (!secured || !directory.written) return
  directory.written = false
  const findings = readBack(path, secured, options)
  if (context.watching) context.reportWithoutFailing(findings)
  else context.report(findings)
  if (!config || findings.some(({ severity }) => severity === 'error')) return
  writeProjectFiles(
    config.root,
    secured.files.filter(({ root }) => root === 'project'),
  )
}

/**
 * Writes the files that hosts read from the root of the project (`vercel.json`), all or none. They may be the user's
 * own, so this comes last, when everything else has gone well.
 */
function writeProjectFiles(root: string, files: readonly OutputFile[]): void {
  const writes = new StagedWrites()
  try {
    for (const { path, content } of files) writes.stage(path, join(root, path), Buffer.from(content))
    writes.commit()
  } catch (error) {
    writes.discard()
    throw error
  }
}
