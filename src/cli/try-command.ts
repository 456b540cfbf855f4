import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { walkSite } from '../files/walk.ts'
import { resolveOptions } from '../options.ts'
import { tryText } from '../try/result-text.ts'
import { type TryResult, trySite } from '../try/run.ts'
import type { UserScript } from '../try/visit.ts'
import type { Arguments } from './arguments.ts'
import { loadConfig } from './config.ts'
import { EXIT, type ExitCode, type Io, UsageError } from './io.ts'
import { Progress } from './progress.ts'
import { directoryOptions } from './secure-command.ts'

/** `csp-hashes try <dir | url>` */
export async function tryCommand(args: Arguments, io: Io): Promise<ExitCode> {
  const { operands, flags } = args
  const [subject, ...rest] = operands
  if (subject === undefined || rest.length > 0)
    throw new UsageError('Give one directory or one URL: csp-hashes try dist.')
  const isUrl = /^https?:\/\//i.test(subject)
  if (isUrl && !URL.canParse(subject)) throw new UsageError(`${subject} is not a URL.`)
  const pages = Number(flags.pages ?? 20)
  if (!Number.isInteger(pages) || pages < 1)
    throw new UsageError(`--pages ${flags.pages}: give a whole number.`)
  const { base = '/', ...options } = directoryOptions(args, await loadConfig(io.cwd, flags.config))
  const progress = new Progress(io, !flags.quiet && !flags.json)
  let result: TryResult
  try {
    result = await trySite({
      subject: isUrl ? subject : resolve(io.cwd, subject),
      mount: base.startsWith('/') && !base.startsWith('//') ? base : '/',
      project: io.cwd,
      listed: isUrl ? [] : walkSite(resolve(io.cwd, subject)).pages,
      pages,
      browser: flags.browser,
      importAll: flags['import-all'] ?? false,
      script: flags.script === undefined ? undefined : await loadScript(resolve(io.cwd, flags.script)),
      without: flags.without ?? false,
      findings: resolveOptions(options).findings,
      signal: io.signal,
      onProgress: (done, total) => progress.show(done, total),
    })
  } finally {
    progress.end()
  }
  if (flags.json) io.out(`${JSON.stringify({ version: 1, ...result }, undefined, 2)}\n`)
  else io.out(tryText(result, flags))
  return result.ok ? EXIT.ok : EXIT.refused
}

async function loadScript(file: string): Promise<UserScript> {
  let script: unknown
  try {
    script = ((await import(pathToFileURL(file).href)) as { default?: unknown }).default
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new UsageError(`${file} cannot be loaded: ${message}`, { cause: error })
  }
  if (typeof script !== 'function')
    throw new UsageError(
      `${file} must export a function as default: export default async (page, url) => { … }`,
    )
  return script as UserScript
}
