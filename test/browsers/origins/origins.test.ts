import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Options } from '../../../src/index.ts'
import { verifyDirectory } from '../../../src/verify-site/built.ts'
import { makeDirectory } from '../../support/files.ts'
import { type Everywhere, serveEverywhere } from '../everywhere.ts'
import { type Browser, engines, launch } from '../index.ts'
import { buildPlayground, PLAYGROUNDS } from '../playground/apps.ts'
import { expectQuiet, walk } from '../playground/walk.ts'
import { serve, type Served } from '../serve.ts'

const names = Object.keys(PLAYGROUNDS)
const hostOf = (name: string): string => `${name}.example`

interface Hosted extends Served {
  readonly dir: string
}
const closers: (() => Promise<void>)[] = []
const sites = new Map<string, Hosted>()
let everywhere: Everywhere

async function host(name: string, options: Options): Promise<Hosted> {
  const dir = makeDirectory(`origins-${name}`)
  closers.push(async () => rmSync(dir, { recursive: true, force: true }))
  await buildPlayground(name, dir, options)
  const served = await serve({ dir, fallback: 'index.html' })
  closers.push(served.close)
  return { ...served, dir }
}

/** Sites whose policies name the origins that WebKit needs named. */
const named = new Map<string, Hosted>()

beforeAll(async () => {
  for (const name of names) {
    sites.set(name, await host(name, {}))
    if (engines.includes('webkit'))
      named.set(name, await host(name, { origin: ['http://127.0.0.1:*', `http://named-${hostOf(name)}:*`] }))
  }
  const origins = [
    ...[...sites].map(([name, { origin }]) => [hostOf(name), origin]),
    ...[...named].map(([name, { origin }]) => [`named-${hostOf(name)}`, origin]),
  ]
  everywhere = await serveEverywhere(Object.fromEntries(origins) as Record<string, string>)
  closers.push(everywhere.close)
})
afterAll(async () => {
  for (const close of closers) await close()
})

const onLoopback = ({ origin }: Hosted): string => origin.replace('localhost', '127.0.0.1')

describe.each(engines)('in %s', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch(engine, { proxy: everywhere.proxy })
  })
  afterAll(() => browser.close())

  describe.each(names)('%s runs at', (name) => {
    const page = PLAYGROUNDS[name]!.pages[0]!
    const runs = async (origin: string): Promise<void> =>
      expectQuiet(await walk(browser, { url: (path) => origin + path }, page))

    it('an https host with a port', () => runs(`https://${hostOf(name)}:8443`))

    if (engine !== 'webkit') {
      it('127.0.0.1', () => runs(onLoopback(sites.get(name)!)))
      it('a plain-http host with a port', () => runs(`http://${hostOf(name)}:8080`))
      return
    }
    it('127.0.0.1 that the policy names', () => runs(onLoopback(named.get(name)!)))
    it('a plain-http host that the policy names', () => runs(`http://named-${hostOf(name)}:8080`))
    it('no other plain-http host, as verify says', async () => {
      const origin = `http://${hostOf(name)}:8080`
      const visit = await browser.visit(`${origin}/`)
      const refused = (await visit.violations()).map(({ directive, blocked }) => `${directive} ${blocked}`)
      const { refusals } = verifyDirectory(sites.get(name)!.dir, { origin })
      const predicted = refusals.filter(
        ({ code, location }) => code === 'external-script-blocked' && location.file === page.html,
      )
      expect(predicted.length).toBeGreaterThan(0)
      for (const { subject, engines: which } of predicted) {
        expect(which).toEqual(['webkit'])
        expect(refused).toContain(`script-src-elem ${origin}/${subject}`)
      }
    })
  })
})
