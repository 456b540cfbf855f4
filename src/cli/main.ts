import { type Arguments, flagOf, readArguments } from './arguments.ts'
import { EXIT, type ExitCode, type Io, UsageError } from './io.ts'

/** Runs the command line and returns the exit code. Commands are loaded on demand, because most of them are large. */
export async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  const json = argv.includes('--json')
  let args: Arguments | undefined
  try {
    args = readArguments(argv)
    return await dispatch(args, io)
  } catch (error) {
    const { exit, code, message } = await failure(error, io.signal, args)
    if (json) io.out(`${JSON.stringify({ version: 1, error: { code, message } }, undefined, 2)}\n`)
    else io.err(`${message}\n`)
    return exit
  }
}

async function dispatch(args: Arguments, io: Io): Promise<ExitCode> {
  const { command, flags } = args
  if (flags.help) {
    io.out((await import('./help.ts')).helpText())
    return EXIT.ok
  }
  if (flags.version) {
    io.out(`${(await import('../version.ts')).version()}\n`)
    return EXIT.ok
  }
  switch (command) {
    case 'secure':
      return (await import('./secure-command.ts')).secureCommand(args, io)
    case 'verify':
      return (await import('./verify-command.ts')).verifyCommand(args, io)
    case 'try':
      return (await import('./try-command.ts')).tryCommand(args, io)
    case 'explain':
      return (await import('./explain-command.ts')).explainCommand(args, io)
    case 'report':
      return (await import('./report-command.ts')).reportCommand(args, io)
  }
}

/** Formats the problems of options. An option that was given by a flag is named by its flag. */
function problemText(problems: readonly string[], args: Arguments | undefined): string {
  const named = problems.map((problem) =>
    problem.replace(/^(\w+)(?:\['([^']*)'\])?(?:\[\d+\])?(?=[:.])/, (written, name: string, key = '') => {
      const flag = args && flagOf(args, name)
      return flag === undefined ? written : `--${flag}${key && ` ${key}`}`
    }),
  )
  return named.length === 1 ? (named[0] ?? '') : named.map((one) => `- ${one}`).join('\n')
}

interface Failure {
  readonly exit: ExitCode
  readonly code: string
  readonly message: string
}

const USAGE_CODES: ReadonlySet<string> = new Set(['no-directory', 'no-page', 'out-overlaps'])

async function failure(error: unknown, signal: AbortSignal, args?: Arguments): Promise<Failure> {
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof UsageError) return { exit: EXIT.usage, code: 'usage', message }
  const { OptionsError } = await import('../options.ts')
  if (error instanceof OptionsError)
    return { exit: EXIT.usage, code: 'options', message: problemText(error.problems, args) }
  const { HostFileError } = await import('../pipeline.ts')
  if (error instanceof HostFileError) return { exit: EXIT.failed, code: 'host-file', message }
  const { DirectoryError } = await import('../files/errors.ts')
  const { TryError } = await import('../try/errors.ts')
  if (error instanceof TryError && error.code !== 'aborted')
    return { exit: EXIT.failed, code: error.code, message }
  if (!(error instanceof DirectoryError || error instanceof TryError)) {
    // A bug in this package: a bug report needs the stack.
    const stack = error instanceof Error ? (error.stack ?? message) : message
    return { exit: EXIT.failed, code: 'internal', message: stack }
  }
  const { code } = error
  if (code === 'aborted')
    return { exit: signal.reason === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted, code, message }
  return { exit: USAGE_CODES.has(code) ? EXIT.usage : EXIT.failed, code, message }
}
