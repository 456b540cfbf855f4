import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * Ports that no system gives to whoever asks for any, nor to connections that go out: those of Linux begin at 32768, those
 * of others at 49152. Between the look and the server's own, which takes its time to start, nobody else comes upon them.
 */
const FIRST = 20_000
/** So many for each process that runs tests beside others. */
const EACH = 1000
const PROCESSES = 12

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const listening = once(server, 'listening')
  server.listen(port, '127.0.0.1')
  try {
    await listening
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}

/** Ports of the loopback interface that nothing listens on, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const first = FIRST + (Number(process.env['VITEST_POOL_ID'] ?? 0) % PROCESSES) * EACH
  const found = new Set<number>()
  while (found.size < count) {
    const port = first + Math.floor(Math.random() * EACH)
    // oxlint-disable-next-line no-await-in-loop -- looks at one after the other
    if (!found.has(port) && (await isFree(port))) found.add(port)
  }
  return [...found]
}

/** A port of the loopback interface that nothing listens on. */
export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1)
  return port
}
