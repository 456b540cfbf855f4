import { spawn } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import type { Socket } from 'node:net'
import { webkit } from 'playwright-core'
import { findBrowser, findMiniBrowser, missing, onPath } from './find.ts'
import type { Browser, LaunchOptions } from './index.ts'
import { inspect } from './inspector.ts'
import { launchPlaywright } from './playwright.ts'
import { freePort } from '../support/ports.ts'
import { Log, visitOf } from './visit.ts'

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf'

/**
 * Left by its last client, an X server resets itself and cuts off whoever connects meanwhile: the next session's
 * browser would end as it starts, and the driver would wait for it for ever.
 */
const SCREEN = '-screen 0 1280x1024x24 -nolisten tcp -noreset'

/**
 * The ports that browsers of a process group are inspected at. The driver chooses the port and tells it the browser
 * alone, in the environment of that process; the browser's own children inherit it and outlive it for a moment.
 */
function inspectedPorts(group: number): Set<number> {
  const ports = new Set<number>()
  for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${id}/stat`, 'latin1')
      const processGroup = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2])
      if (processGroup !== group) continue
      const port = /(?:^|\0)WEBKIT_INSPECTOR_SERVER=[^\0]*:(\d+)/.exec(
        readFileSync(`/proc/${id}/environ`, 'latin1'),
      )
      if (port) ports.add(Number(port[1]))
    } catch {
      // The process has ended meanwhile.
    }
  }
  return ports
}

async function until<T>(look: () => T | undefined | false, what: string): Promise<T> {
  const end = Date.now() + 20_000
  for (;;) {
    const found = look()
    if (found) return found
    if (Date.now() > end) throw new Error(`The WebKitGTK browser ${what}.`)
    await new Promise((next) => setTimeout(next, 10))
  }
}

const awaitInspected = (group: number): Promise<number> =>
  until(() => [...inspectedPorts(group)][0], 'announces no inspector server')

/** A session that was deleted leaves its browser behind for a moment, whose port answers no more. */
const awaitGone = (group: number, port: number): Promise<true> =>
  until(() => !inspectedPorts(group).has(port), 'of the last session does not end')

interface Session {
  sessionId: string
  capabilities: { browserVersion: string }
}

/** The driver's own proxy capability means a proxy over TLS for https, so the browser is told itself. */
const throughProxy = (proxy: string): string[] => [
  `--proxy=http://${proxy}`,
  '--ignore-host=localhost',
  '--ignore-host=127.0.0.1',
]

/** WebKitGTK under a virtual display, through its WebDriver; its inspector gives what WebDriver lacks. */
export async function launchWebKit({ proxy }: LaunchOptions): Promise<Browser> {
  const driver = findBrowser('WEBKIT_DRIVER_PATH', 'WebKitWebDriver')
  if (!driver) return launchPlaywright('webkit', webkit, proxy ? { proxy: { server: proxy } } : {})
  const binary = findMiniBrowser()
  const display = onPath('xvfb-run')
  if (!binary || !display) throw missing('WebKitGTK', 'apt-get install webkit2gtk-driver xvfb')
  const port = await freePort()
  // The group's leader is the display's wrapper: one signal ends display, driver and browser.
  const child = spawn(display, ['-a', '-s', SCREEN, driver, `--port=${port}`], {
    detached: true,
    stdio: 'ignore',
    env: {
      ...process.env,
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
      // Drawing in several threads has crashed in the driver that does without a graphics card. The compositor alone has
      // to stay: without it a view transition ends the browser.
      WEBKIT_SKIA_ENABLE_CPU_RENDERING: '1',
    },
  })
  const { pid } = child
  if (pid === undefined) throw missing('xvfb-run', 'apt-get install xvfb')
  const end = (): void => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-pid, 'SIGTERM')
  }
  process.once('exit', end)
  const call = async <T>(
    method: string,
    path: string,
    body?: object,
    ended: AbortSignal[] = [],
  ): Promise<T> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.any([AbortSignal.timeout(90_000), ...ended]),
    })
    const { value } = (await response.json()) as { value: T & { error?: string; message?: string } }
    if (!response.ok) throw new Error(`${value.error}: ${value.message}`)
    return value
  }
  const deadline = Date.now() + 20_000
  while (
    !(await call('GET', '/status').then(
      () => true,
      () => false,
    ))
  ) {
    if (Date.now() > deadline || child.exitCode !== null) {
      end()
      throw new Error(`${driver} does not answer on port ${port}.`)
    }
    await new Promise((next) => setTimeout(next, 25))
  }
  const begin = (): Promise<Session> =>
    call('POST', '/session', {
      capabilities: {
        alwaysMatch: {
          acceptInsecureCerts: true,
          'webkitgtk:browserOptions': {
            binary,
            args: ['--automation', ...(proxy ? throughProxy(proxy) : [])],
          },
        },
      },
    })
  let session = await begin().catch((error: unknown) => {
    end()
    throw error
  })
  let inspected: number | undefined
  let socket: Socket | undefined
  return {
    engine: 'webkit',
    version: session.capabilities.browserVersion,
    async visit(url) {
      if (inspected) {
        socket?.destroy()
        await call('DELETE', `/session/${session.sessionId}`)
        await awaitGone(pid, inspected)
        session = await begin()
      }
      inspected = await awaitInspected(pid)
      const path = `/session/${session.sessionId}`
      const log = new Log()
      socket = await inspect(inspected, log.script, (level, text) => log.message(level, text))
      // The driver never answers for a browser that has ended.
      const ended = new AbortController()
      socket.once('close', () => ended.abort(new Error('The WebKitGTK browser has ended.')))
      const command = <T>(method: string, name: string, body?: object): Promise<T> =>
        call(method, `${path}/${name}`, body, [ended.signal])
      await command('POST', 'url', { url })
      return visitOf(
        {
          async evaluate(expression) {
            const script = `const done = arguments[0]; (${expression}).then((value) => done({ value }), (e) => done({ error: String(e) }))`
            const got = await command<{ value: string; error?: string }>('POST', 'execute/async', {
              script,
              args: [],
            })
            if (got.error) throw new Error(got.error)
            return got.value
          },
          async click(selector) {
            const found = await command<Record<string, string>>('POST', 'element', {
              using: 'css selector',
              value: selector,
            })
            await command('POST', `element/${found[ELEMENT]}/click`, {})
          },
          screenshot: async () => Buffer.from(await command<string>('GET', 'screenshot'), 'base64'),
        },
        log,
      )
    },
    async close() {
      socket?.destroy()
      await call('DELETE', `/session/${session.sessionId}`).catch(() => {})
      process.off('exit', end)
      const ended = new Promise((done) => child.once('exit', done))
      end()
      await ended
    },
  }
}
