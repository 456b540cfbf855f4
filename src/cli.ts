#!/usr/bin/env node
import { ioOf } from './cli/io.ts'
import { main } from './cli/main.ts'

const controller = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  // With `once`, a second signal ends the process at once, as if there were no handler.
  process.once(name, () => controller.abort(name))
}

// A reader such as `head` may close the pipe early. The run continues, because writing files does not depend on
// the output being read.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

process.exitCode = await main(
  process.argv.slice(2),
  ioOf(process.stdout, process.stderr, { cwd: process.cwd(), signal: controller.signal }),
)
