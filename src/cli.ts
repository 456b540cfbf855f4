#!/usr/bin/env node
import { main } from './cli/main.ts'

const controller = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  // A second one ends the process at once, as without a handler.
  process.once(name, () => controller.abort(name))
}

// A reader such as `head` may close the pipe early. The run goes on: what it writes does not depend on being read.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

process.exitCode = await main(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  terminal: process.stderr.isTTY === true,
  // A terminal that does not know its width says 0.
  columns: process.stderr.columns || 80,
  cwd: process.cwd(),
  signal: controller.signal,
})
