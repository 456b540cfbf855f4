import { type JudgedFile, type SiteRefusal, verifyListed, type VerifyResult } from '../verify-site/built.ts'
import type { ServedResult } from '../verify-site/served.ts'
import { type Options, resolveBase, resolveOptions } from '../options.ts'
import { withFlags } from '../options/flags.ts'
import type { Finding } from '../core/findings/index.ts'
import { walkSite } from '../files/walk.ts'
import { runTimeFindings } from './run-time.ts'
import { leftLines, type Message, messagesText } from '../summary.ts'
import type { Arguments, Flags } from './arguments.ts'
import { loadConfig } from './config.ts'
import { EXIT, type ExitCode, type Io, UsageError } from './io.ts'
import { Progress } from './progress.ts'

interface Verdict {
  readonly refusals: readonly SiteRefusal[]
  readonly pages: readonly unknown[]
  readonly left?: VerifyResult['left']
  /** Actions of scripts that the policies would probably block at run time. */
  readonly atRunTime?: readonly Finding[]
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
  else io.out(textOf(verdict, subject, flags))
  return verdict.ok ? EXIT.ok : EXIT.refused
}

async function built(directory: string, { flags, options: given }: Arguments, io: Io): Promise<Verdict> {
  const { options } = await loadConfig(io.cwd, flags.config)
  const base = resolveBase(flags.base ?? options.base)
  const [origin] = given.get('origin') ?? []
  const { pages = {}, findings = {} } = withFlags(options, given) as Options
  const resolved = resolveOptions({ pages, findings })
  const found = walkSite(directory, resolved.pages)
  const verdict = verifyListed(found, {
    project: io.cwd,
    ...(base === undefined ? {} : { base }),
    ...(origin === undefined ? {} : { origin }),
  })
  return { ...verdict, atRunTime: runTimeFindings(found, verdict, resolved) }
}

async function served(url: string, flags: Flags, io: Io): Promise<Verdict> {
  if (!URL.canParse(url)) throw new UsageError(`${url} is not a URL.`)
  const pages = Number(flags.pages ?? 20)
  if (!Number.isInteger(pages) || pages < 1)
    throw new UsageError(`--pages ${flags.pages}: expected a whole number above 0.`)
  const { verifyServed } = await import('../verify-site/served.ts')
  const progress = new Progress(io, !flags.quiet && !flags.json)
  try {
    return await verifyServed(url, {
      pages,
      signal: io.signal,
      onProgress: (done, total) => progress.show(done, total),
      ...(flags.base === undefined ? {} : { base: resolveBase(flags.base) ?? './' }),
    })
  } finally {
    progress.end()
  }
}

/** The engines, hosts or paths to which a refusal is limited; `undefined` if it applies everywhere. */
function contextOf({ engines, hosts, path }: SiteRefusal): string | undefined {
  const parts = [
    ...(engines.length === 3 ? [] : [`in ${engines.join(' and ')}`]),
    ...(path === undefined ? [] : [`asked for as ${path}`]),
    ...(hosts ? [`as ${hosts.join(' and ')} ${hosts.length === 1 ? 'reads' : 'read'} it`] : []),
  ]
  return parts.length === 0 ? undefined : parts.join(', ')
}

/** Converts all problems to messages. */
function messagesOf({ refusals, atRunTime = [], unread = [], hostFiles = [] }: Verdict): Message[] {
  return [
    ...refusals.map((refusal) => {
      const context = contextOf(refusal)
      return { ...refusal, ...(context === undefined ? {} : { context }) }
    }),
    ...atRunTime,
    ...unread.map(({ url, why }) => ({
      code: 'unreadable',
      severity: 'error' as const,
      message: `${url} cannot be read: ${why}.`,
    })),
    ...hostFiles.flatMap(({ problems }) =>
      problems.map(({ file, line, message, fatal }) => ({
        code: 'host-file',
        severity: fatal ? ('error' as const) : ('warn' as const),
        message,
        location: { file, line, column: 1 },
      })),
    ),
  ]
}

/** Names a host's file that was checked, and the parts of it that cannot be checked here. */
function hostText({ file, hosts, policy, unseen }: JudgedFile): string {
  if (!policy) return `${file}: sets no policy, so it was not checked.\n`
  return `${file}: read as ${hosts.join(' and ')} ${hosts.length === 1 ? 'does' : 'do'}.${unseen ? ` Not to be seen here: ${unseen}.` : ''}\n`
}

function injectionText(injected: ServedResult['injected']): string[] {
  return [...new Set(injected.map(({ name }) => name))].map((name) => {
    const on = injected.filter((one) => one.name === name)
    return `${name} changes ${on.length === 1 ? on[0]?.page : `${on.length} pages`} on the way.\n  ${on[0]?.hint}\n\n`
  })
}

/** Reminds the user that checking files does not cover the behaviour of scripts at run time. */
function atRunTimeText(likely: number, subject: string): string {
  const way = `csp-hashes try ${subject} opens the pages in a browser.`
  if (likely === 0) return `What scripts do once they run was not checked: ${way}`
  const things = likely === 1 ? '1 thing' : `${likely} things`
  return `But their scripts seem to do ${things} that the policies refuse, so the site may not work (see above): ${way}`
}

function textOf(verdict: Verdict, subject: string, { quiet = false, verbose = false }: Flags): string {
  const { pages, left = [], atRunTime = [], injected = [], hostFiles = [], ok } = verdict
  const messages = messagesOf(verdict)
  const errors = messages.filter(({ severity }) => severity === 'error')
  const told = messagesText(quiet ? errors : messages, { door: 'command', verbose })
  const likely = atRunTime.filter(({ severity }) => severity !== 'info').length
  const checked = `Checked ${pages.length === 1 ? '1 page' : `${pages.length} pages`}`
  const result = ok
    ? `${checked}. What stands in the files runs under their policies. ${atRunTimeText(likely, subject)}\n`
    : `${checked}, found ${errors.length === 1 ? '1 problem' : `${errors.length} problems`}.\n`
  return [
    ...(told === '' ? [] : [`${told}\n\n`]),
    ...injectionText(injected),
    ...(quiet ? [] : [...hostFiles.map(hostText), ...leftLines(left).map((line) => `${line}\n`)]),
    ...(quiet && ok ? [] : [result]),
  ].join('')
}
