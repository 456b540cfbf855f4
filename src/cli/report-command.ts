import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { DirectoryError } from '../files/errors.ts'
import type { Arguments } from './arguments.ts'
import { loadConfig } from './config.ts'
import { EXIT, type ExitCode, type Io, UsageError } from './io.ts'
import { Progress } from './progress.ts'
import { collectReport } from './report/collect.ts'
import { reportPage } from './report/page.ts'
import { directoryOptions } from './secure-command.ts'

/** `csp-hashes report [dir] [--out report.html]` */
export async function reportCommand(args: Arguments, io: Io): Promise<ExitCode> {
  const { operands, flags } = args
  const [directory = 'dist', ...rest] = operands
  if (rest.length > 0) throw new UsageError(`Expected one directory, but also got: ${rest.join(' ')}`)
  const config = await loadConfig(io.cwd, flags.config)
  const progress = new Progress(io, !flags.quiet && !flags.json)
  try {
    const data = await collectReport(directory, {
      ...directoryOptions(args, config),
      project: io.cwd,
      signal: io.signal,
      onProgress: (done, total) => progress.show(done, total),
    })
    progress.end()
    if (flags.json) {
      io.out(`${JSON.stringify({ version: 1, ...data }, undefined, 2)}\n`)
      return EXIT.ok
    }
    const file = flags.out ?? 'csp-report.html'
    write(resolve(io.cwd, file), reportPage(data))
    if (!flags.quiet) io.out(`${file} written.\n`)
    return EXIT.ok
  } finally {
    progress.end()
  }
}

function write(file: string, page: string): void {
  try {
    writeFileSync(file, page)
  } catch (error) {
    throw DirectoryError.from(error, 'write', file)
  }
}
