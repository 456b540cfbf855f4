import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { getFrom, type RunningHost } from './host.ts'

/** Policies let `localhost` in, not its address. */
export const originOf = (port: number): string => `http://localhost:${port}`

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => socket.end(() => resolve(true)))
    socket.once('error', () => resolve(false))
  })
}

/** A server in a process of its own, as soon as it accepts connections and has said that it is ready, if it does. */
export async function untilListening(
  child: ChildProcess,
  port: number,
  announcement = /^/,
): Promise<RunningHost> {
  let log = ''
  child.stdout?.on('data', (chunk: Buffer) => (log += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()))
  const exited = once(child, 'exit')
  const deadline = Date.now() + 60_000
  // oxlint-disable-next-line no-await-in-loop -- polls
  while (!(announcement.test(log) && (await accepts(port)))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill()
      throw new Error(`The server did not start.\n${log}`)
    }
    // oxlint-disable-next-line no-await-in-loop -- polls
    await sleep(50)
  }
  return {
    origin: originOf(port),
    get: async (path) => [await getFrom(port, path)],
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}
