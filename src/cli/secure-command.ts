import { resolve } from 'node:path'
import { type DirectoryResult, type FileChange, secureDirectory } from '../directory.ts'
import { serialisePolicy } from '../core/csp/serialise.ts'
import { hintText, messagesText, summaryTable } from '../summary.ts'
import type { Arguments, Flags } from './arguments.ts'
import { resolveBase } from '../options.ts'
import { withFlags } from '../options/flags.ts'
import { type Config, loadConfig } from './config.ts'
import { EXIT, type ExitCode, type Io, UsageError } from './io.ts'
import { Progress } from './progress.ts'
import { unifiedDiff } from './unified-diff.ts'

/** `csp-hashes <dir>` */
export async function secureCommand(args: Arguments, io: Io): Promise<ExitCode> {
  const { operands, flags } = args
  const [directory, ...rest] = operands
  if (directory === undefined) throw new UsageError('Give the directory of the built site: csp-hashes dist.')
  if (rest.length > 0) throw new UsageError(`Expected one directory, but also got: ${rest.join(' ')}`)
  const config = await loadConfig(io.cwd, flags.config)
  const progress = new Progress(io, !flags.quiet && !flags.json)
  const diffs = flags['dry-run'] && !flags.json
  try {
    const result = await secureDirectory(directory, {
      ...directoryOptions(args, config),
      dryRun: flags['dry-run'] ?? false,
      project: io.cwd,
      signal: io.signal,
      onProgress: (done, total) => progress.show(done, total),
      ...(flags.out === undefined ? {} : { out: flags.out }),
      ...(flags.threads === undefined ? {} : { threads: threadsOf(flags.threads) }),
      ...(flags.cache === undefined ? {} : { cache: cacheOf(flags.cache, flags, io) }),
      ...(diffs ? { onChange: (change: FileChange) => io.exact(diffOf(change)) } : {}),
    })
    progress.end()
    tell(result, flags, io, config)
    return result.findings.some(({ severity }) => severity === 'error') ? EXIT.refused : EXIT.ok
  } finally {
    progress.end()
  }
}

function threadsOf(value: string): number {
  const threads = Number(value)
  if (Number.isInteger(threads) && threads > 0) return threads
  throw new UsageError(`--threads ${value}: expected a whole number above 0.`)
}

function cacheOf(value: string, { out }: Flags, { cwd }: Io): string {
  if (out === undefined) return resolve(cwd, value)
  throw new UsageError(
    '--cache has no effect with --out: a copy is always made of all pages. Leave out one of them.',
  )
}

/** The options of the pipeline and the base; flags override the configuration. */
export function directoryOptions({ flags, options }: Arguments, config: Config): Config['options'] {
  const base = resolveBase(flags.base ?? config.options.base)
  // Flags are strings: the validation of the options reports invalid values.
  return { ...withFlags(config.options, options), ...(base === undefined ? {} : { base }) }
}

function diffOf({ path, before, after }: FileChange): string {
  if (/\.(?:gz|br|zst)$/.test(path)) return `Binary file ${path} differs\n`
  const decoder = new TextDecoder()
  return unifiedDiff(path, before && decoder.decode(before), decoder.decode(after))
}

function tell(result: DirectoryResult, flags: Flags, io: Io, config: Config): void {
  if (flags.json) {
    io.out(`${JSON.stringify(asJson(result), undefined, 2)}\n`)
    return
  }
  const { quiet = false, verbose = false } = flags
  const told = result.findings.filter(({ severity }) => severity === 'error' || !quiet)
  if (told.length > 0) io.err(`${messagesText(told, { door: 'command', verbose })}\n\n`)
  if (quiet) return
  if (result.findings.some(({ severity }) => severity === 'error')) {
    io.err('Nothing was written.\n')
    return
  }
  const print = flags['dry-run'] ? (text: string) => io.err(text) : (text: string) => io.out(text)
  print(`${summaryTable(result, 'command')}\n`)
  for (const note of result.notes) print(`${note}\n`)
  if (config.file !== undefined) print(`Options: ${config.file}\n`)
  const { length } = result.changed
  const files = length === 1 ? '1 file' : `${length} files`
  if (flags['dry-run']) print(`${files} would change.\n`)
  else print(length === 0 ? 'Nothing changed: the site was protected already.\n' : `${files} written.\n`)
}

function asJson({ pages, findings, ...result }: DirectoryResult): object {
  return {
    version: 1,
    ...result,
    findings: findings.map((found) => ({ ...found, hint: hintText(found, 'command') })),
    pages: pages.map(({ path, changed, policies, summary }) => ({
      path,
      changed,
      policies: policies.map(serialisePolicy),
      ...summary,
    })),
  }
}
