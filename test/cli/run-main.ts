import { rmSync } from 'node:fs'
import { ioOf } from '../../src/cli/io.ts'
import { makeDirectory } from '../support/files.ts'
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
  // Not a directory of the machine: files of hosts that lie there would be read.
  const place = cwd ?? makeDirectory('cwd')
  try {
    const exit = await main(
      argv,
      ioOf(
        { write: (text) => (out += text), isTTY: terminal ?? false },
        { write: (text) => (err += text), isTTY: terminal ?? false },
        { cwd: place, signal: signal ?? new AbortController().signal },
      ),
    )
    return { exit, out, err }
  } finally {
    if (cwd === undefined) rmSync(place, { recursive: true })
  }
}
