import { isFatal, type JudgedFile, type SiteRefusal, verifyDirectory } from '../verify-site/built.ts'
import type { ServedResult } from '../verify-site/served.ts'
import type { Arguments, Flags } from './arguments.ts'
import { loadConfig } from './config.ts'
import { EXIT, type ExitCode, type Io, UsageError } from './io.ts'
import { Progress } from './progress.ts'

interface Verdict {
  readonly refusals: readonly SiteRefusal[]
  readonly pages: readonly unknown[]
  readonly injected?: ServedResult['injected']
  readonly unread?: ServedResult['unread']
  readonly hostFiles?: readonly JudgedFile[]
  readonly ok: boolean
}

/** `csp-hashes verify <dir | url>` */
export async function verifyCommand(args: Arguments, io: Io): Promise<ExitCode> {
  const { operands, flags } = args
  const [subject, ...rest] = operands
  if (subject === undefined || rest.length > 0)
    throw new UsageError('Give one directory or one URL: csp-hashes verify dist.')
  const verdict = /^https?:\/\//i.test(subject)
    ? await served(subject, flags, io)
    : await built(subject, args, io)
  if (flags.json) io.out(`${JSON.stringify({ version: 1, ...verdict }, undefined, 2)}\n`)
  else io.out(textOf(verdict, flags.quiet ?? false))
  return verdict.ok ? EXIT.ok : EXIT.refused
}

async function built(directory: string, { flags, options: given }: Arguments, io: Io): Promise<Verdict> {
  const { options } = await loadConfig(io.cwd, flags.config)
  const base = flags.base ?? options.base
  const [origin] = given.get('origin') ?? []
  return verifyDirectory(directory, {
    project: io.cwd,
    ...(base === undefined ? {} : { base }),
    ...(origin === undefined ? {} : { origin }),
  })
}

async function served(url: string, flags: Flags, io: Io): Promise<Verdict> {
  if (!URL.canParse(url)) throw new UsageError(`${url} is not a URL.`)
  const pages = Number(flags.pages ?? 20)
  if (!Number.isInteger(pages) || pages < 1)
    throw new UsageError(`--pages ${flags.pages}: give a whole number.`)
  const { verifyServed } = await import('../verify-site/served.ts')
  const progress = new Progress(io, !flags.quiet && !flags.json)
  try {
    return await verifyServed(url, {
      pages,
      signal: io.signal,
      onProgress: (done, total) => progress.show(done, total),
      ...(flags.base === undefined ? {} : { base: flags.base }),
    })
  } finally {
    progress.end()
  }
}

function lineOf(refusal: SiteRefusal): string {
  const { page, line, column, message, code, engines, hosts, path, hint } = refusal
  const where = engines.length === 3 ? '' : ` (${engines.join(', ')})`
  const asked = path === undefined ? '' : ` (asked for as ${path})`
  const host = hosts ? ` (as ${hosts.join(' and ')} ${hosts.length === 1 ? 'reads' : 'read'} it)` : ''
  const level = isFatal(refusal) ? 'error' : 'warn'
  return `${level}: ${page}:${line}:${column} ${message} [${code}]${where}${asked}${host}${hint === undefined ? '' : `\n  ${hint}`}\n\n`
}

/** What was read beside the pages, and what could not be judged: nothing is passed over in silence. */
function hostText({ file, hosts, policy, problems, unseen }: JudgedFile, quiet: boolean): string {
  const found = problems
    .filter(({ fatal }) => fatal || !quiet)
    .map((one) => `${one.fatal ? 'error' : 'warn'}: ${one.file}:${one.line} ${one.message}\n\n`)
  if (quiet) return found.join('')
  const read = policy
    ? `${file}: read as ${hosts.join(' and ')} ${hosts.length === 1 ? 'does' : 'do'}.${unseen ? ` Not to be seen here: ${unseen}.` : ''}\n`
    : `${file}: it sets no policy, so it was not judged.\n`
  return `${found.join('')}${read}`
}

function textOf(
  { refusals, pages, injected = [], unread = [], hostFiles = [], ok }: Verdict,
  quiet: boolean,
): string {
  const shown = quiet ? refusals.filter(isFatal) : refusals
  const names = [...new Set(injected.map(({ name }) => name))]
  const found = names.map((name) => {
    const on = injected.filter((one) => one.name === name)
    return `${name} changes ${on.length === 1 ? on[0]?.page : `${on.length} pages`} on the way.\n  ${on[0]?.hint}\n\n`
  })
  const count = pages.length === 1 ? '1 page' : `${pages.length} pages`
  const broken = hostFiles.flatMap(({ problems }) => problems.filter((one) => one.fatal)).length
  const unknown = unread.map(({ url, why }) => `error: ${url} cannot be read: ${why}.\n\n`)
  const fatal = refusals.filter(isFatal).length + broken + unread.length
  const verdict = ok
    ? `${count}: a browser refuses nothing.\n`
    : `${count}: ${fatal} ${fatal === 1 ? 'problem' : 'problems'}.\n`
  const files = hostFiles.map((one) => hostText(one, quiet))
  return [...shown.map(lineOf), ...found, ...unknown, ...files, ...(quiet && ok ? [] : [verdict])].join('')
}
