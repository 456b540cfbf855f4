import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../support/ports.ts'
import { type Browser, engines, launch } from './index.ts'

let demo: ChildProcess
let port: number

beforeAll(async () => {
  port = await freePort()
  const script = join(import.meta.dirname, '../../scripts/demo.js')
  demo = spawn(process.execPath, [script, '--no-package', '--port', String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  for await (const chunk of demo.stdout!) {
    output += String(chunk)
    if (output.includes('Open http://')) break
  }
  expect(output).toContain("script-src-elem 'self' 'unsafe-inline'")
})

afterAll(async () => {
  demo.kill()
  await once(demo, 'exit')
})

const list = (site: string, kind: string): string =>
  `[...document.querySelectorAll('[data-site=${site}] .${kind} li:not(.none)')].map((item) => item.textContent)`

describe.each(engines)('the demo in %s', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch(engine)
  })
  afterAll(() => browser?.close())

  it.each(['localhost', '127.0.0.1'])(
    'shows each attack at %s: it runs without, and not with',
    async (host) => {
      const visit = await browser.visit(`http://${host}:${port}/`)
      await visit.waitFor(`document.querySelectorAll('nav button').length > 4`)
      const names = await visit.evaluate<string[]>(
        `[...document.querySelectorAll('nav button')].slice(1).map((button) => button.textContent)`,
      )
      for (const [index, name] of names.entries()) {
        // oxlint-disable-next-line no-await-in-loop -- one attack at a time is shown
        await visit.evaluate(`void document.querySelectorAll('nav button')[${index + 1}].click()`)
        // oxlint-disable-next-line no-await-in-loop
        await visit.waitFor(`${list('without', 'ran')}.length > 0 && ${list('with', 'refused')}.length > 0`)
        // oxlint-disable-next-line no-await-in-loop
        expect(await visit.evaluate(list('with', 'ran')), name).toEqual([])
      }
    },
  )
})
