import { ioOf } from '../../src/cli/io.ts'
import { temporaryDirectory } from '../support/files.ts'
import { main } from '../../src/cli/main.ts'

export interface Outcome {
  readonly exit: number
  readonly out: string
  readonly err: string
}

export interface Setting {
  readonly cwd?: string
  readonly terminal?: boolean
  readonly signal?: AbortSignal
}

/** The command in this process. */
export async function run(
  argv: readonly string[],
  { cwd, terminal, signal }: Setting = {},
): Promise<Outcome> {
  let [out, err] = ['', '']
  const exit = await main(
    argv,
    ioOf(
      { write: (text) => (out += text), isTTY: terminal ?? false },
      { write: (text) => (err += text), isTTY: terminal ?? false },
      // Not a directory of the machine: files of hosts that lie there would be read.
      { cwd: cwd ?? temporaryDirectory('cwd'), signal: signal ?? new AbortController().signal },
    ),
  )
  return { exit, out, err }
}
