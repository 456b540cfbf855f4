import { join } from 'node:path'
import type { Rollup } from 'vite'
import { applyLevels, type Finding, finding } from '../core/findings/index.ts'
import { algorithmOf, digest } from '../core/site/digest.ts'
import { readFile } from '../files/read.ts'
import { StagedWrites } from '../files/staged-writes.ts'
import type { ResolvedOptions } from '../options.ts'
import type { OutputFile } from '../outputs/output.ts'
import type { SecuredSite } from '../pipeline.ts'
import { type BuildState, type OutputDirectory, outputPath } from './build-state.ts'
import type { HookContext } from './hook-context.ts'
import { reportPageless } from './no-page.ts'

/** Reads back the written files: every page must have its generated content, every pinned file its hash. */
function readBack(
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

/** `writeBundle`: called when a directory was written. */
export function bundleWritten(
  { options, directories }: BuildState,
  context: HookContext,
  output: Rollup.NormalizedOutputOptions,
): void {
  const { config } = context
  const path = outputPath(config, output)
  const directory = path === undefined ? undefined : directories.get(path)
  if (path === undefined || !directory?.secured) return
  directory.written = true
  // `closeBundle` reads back after all plugins, but Vite does not await it in watch mode.
  if (context.watching || !config) context.report(readBack(path, directory.secured, options))
  context.summarise(directory.secured)
}

/** `closeBundle`: called when every plugin is done. */
export function closeDirectories(state: BuildState, context: HookContext): void {
  for (const [path, directory] of state.directories) closeDirectory(state, context, path, directory)
  // In an app build, pages may be written after all bundles.
  if (!state.config?.builder) reportPageless(state, context)
}

/** Reads a directory back, and writes the project's files if there is no error. */
function closeDirectory(
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
 * Writes the files that hosts read from the root of the project (`vercel.json`), all or none. They may be the
 * user's own files, so they are written last, when everything else has succeeded.
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
