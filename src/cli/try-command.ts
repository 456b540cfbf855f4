import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { remedyText } from '../core/violations/remedy.ts'
import { walkSite } from '../directory/walk.ts'
import { resolveOptions } from '../options.ts'
import { messagesText } from '../summary.ts'
import { type TryResult, trySite } from '../try/run.ts'
import type { UserScript } from '../try/visit.ts'
import type { Arguments, Flags } from './arguments.ts'
import { loadConfig } from './config.ts'
import { EXIT, type ExitCode, type Io, UsageError } from './io.ts'
import { Progress } from './progress.ts'
import { directoryOptions } from './secure-command.ts'

const MOST_ERRORS = 10

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

/** The result of a trial for a terminal: what was refused, what to add, and how many pages were opened. */
function tryText(result: TryResult, { quiet = false, verbose = false }: Flags): string {
  const { findings, errors, pages, browser, hostFile, ok } = result
  const block = remedyText(result.remedy)
  const bare = pages.filter((page) => !page.protected).map(({ url }) => url)
  const count = pages.length === 1 ? '1 page' : `${pages.length} pages`
  const headers = hostFile === undefined ? '' : `, with the headers of ${hostFile}`
  return [
    ...(findings.length > 0 ? [`${messagesText(findings, { door: 'plugin', verbose })}\n\n`] : []),
    ...(quiet ? [] : listed('Differences', result.differences)),
    ...(quiet ? [] : listed('Errors in the console', errors)),
    ...bare.map((url) => `error: ${url} came without a policy, so nothing was tried there.\n\n`),
    ...(block === undefined
      ? []
      : [`To allow everything that was refused, add to the options:\n\n${block}\n\n`]),
    ...(quiet && ok ? [] : [`Opened ${count} in ${browser}${headers}: ${verdictOf(result)}.\n`]),
  ].join('')
}

function verdictOf({ findings }: TryResult): string {
  if (findings.length === 0) return 'nothing was refused'
  return findings.length === 1 ? '1 thing was refused' : `${findings.length} things were refused`
}

function listed(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return []
  const rest = lines.length - MOST_ERRORS
  const shown = lines.slice(0, MOST_ERRORS).map((line) => `  ${line.replaceAll('\n', '\n  ')}\n`)
  return [`${title}:\n`, ...shown, ...(rest > 0 ? [`  and ${rest} more\n`] : []), '\n']
}
