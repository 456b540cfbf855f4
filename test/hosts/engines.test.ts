import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, engines, launch, type Visit } from '../browsers/index.ts'
import { serve, type Served } from '../browsers/serve.ts'
import { buildPlayground, PLAYGROUNDS } from '../browsers/playground/apps.ts'
import { expectQuiet, walk } from '../browsers/playground/walk.ts'
import { makeDirectory, readTree, writeTree } from '../support/files.ts'
import { workersHost } from './cloudflare.ts'
import type { Host, RunningHost } from './host.ts'
import { netlifyHost } from './netlify.ts'
import { nginxHost } from './nginx.ts'

const HOSTS: readonly Host[] = [workersHost, nginxHost, netlifyHost]
const APPS = { 'vanilla-mpa': undefined, 'react-spa': 'index.html' } as const

/** What an attacker may have put into a page. Each says so if it runs; the last two were uploaded to where the app's own scripts lie. */
const VECTORS: Readonly<Record<string, (foreign: string) => string>> = {
  handler: () => `<img src="x:" onerror="document.documentElement.dataset.handler = 'ran'">`,
  inline: () => `<script>document.documentElement.dataset.inline = 'ran'</script>`,
  foreign: (origin) => `<script src="${origin.replace('http:', '')}/assets/foreign.js"></script>`,
  text: () => '<script src="/assets/upload.txt"></script>',
  json: () => '<script src="/assets/upload.json"></script>',
}

/** Which vectors have run, when the page and everything in it is loaded. */
async function ran(visit: Visit): Promise<string[]> {
  await visit.waitFor(`document.readyState === 'complete'`)
  const marks = await visit.evaluate<Record<string, string>>('({ ...document.documentElement.dataset })')
  return Object.keys(VECTORS).filter((name) => marks[name] === 'ran')
}

interface Opened {
  readonly site: string
  readonly running: RunningHost
}

const root = makeDirectory('engines')
const clean = new Map<string, Opened>()
const attacked = new Map<string, Opened>()
let foreign: Served
let bare: Served

/** A running host as what walks through a playground takes it. */
const servedAt = ({ origin = '' }: RunningHost): Served => ({
  origin,
  url: (path) => `${origin}/${path.replace(/^\//, '')}`,
  requests: [],
  close: async () => undefined,
})

/** Puts the vectors into the file that the server reads, behind the start of the body. */
function inject(site: string): void {
  writeTree(site, {
    'assets/upload.txt': "document.documentElement.dataset.text = 'ran'",
    'assets/upload.json': "document.documentElement.dataset.json = 'ran'",
  })
  const file = join(site, 'index.html')
  const markup = Object.values(VECTORS)
    .map((vector) => vector(foreign.origin))
    .join('')
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(/<body[^>]*>/, (tag) => tag + markup),
  )
}

beforeAll(async () => {
  const foreignSite = join(root, 'foreign')
  writeTree(foreignSite, { 'assets/foreign.js': `document.documentElement.dataset.foreign = 'ran'` })
  foreign = await serve({ dir: foreignSite, cors: true })
  for (const host of HOSTS) {
    for (const [app, fallback] of Object.entries(APPS)) {
      const project = join(root, host.output.name, app)
      const site = join(project, 'dist')
      // oxlint-disable no-await-in-loop -- builds share the two cores with browsers
      await buildPlayground(app, site, { output: host.output })
      clean.set(`${host.name} ${app}`, { site, running: await host.start({ site, project, fallback }) })
      if (app !== 'vanilla-mpa') continue
      const copy = join(root, host.output.name, 'attacked/dist')
      cpSync(site, copy, { recursive: true })
      inject(copy)
      const running = await host.start({ site: copy, project: dirname(copy) })
      attacked.set(host.name, { site: copy, running })
    }
  }
  bare = await serve({ dir: attacked.get(netlifyHost.name)!.site })
})

afterAll(async () => {
  const running = [...clean.values(), ...attacked.values()].map((one) => one.running)
  await Promise.allSettled(running.map((one) => one.stop()))
  await Promise.allSettled([foreign?.close(), bare?.close()])
  rmSync(root, { recursive: true, force: true })
})

describe.each(engines)('in %s', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch(engine)
  })
  afterAll(() => browser?.close())

  it('the injected markup runs where no policy is sent: the test would see it', async () => {
    expect(await ran(await browser.visit(bare.url('/')))).toEqual(Object.keys(VECTORS))
  })

  describe.each(HOSTS)('from $name', (host) => {
    it.each(Object.keys(APPS))('%s works by headers alone, with no violation', async (app) => {
      const { site, running } = clean.get(`${host.name} ${app}`)!
      const pages = Object.entries(readTree(site)).filter(([path]) => path.endsWith('.html'))
      for (const [path, html] of pages) {
        expect([path, html.toString().includes('Content-Security-Policy')]).toEqual([path, false])
      }
      for (const page of PLAYGROUNDS[app]!.pages) {
        const [answer] = await running.get(page.path)
        expect(answer?.headers.get('content-security-policy')).toContain("'strict-dynamic'")
        await expectQuiet(await walk(browser, servedAt(running), page))
      }
    })

    it('what is injected into a page is dead, and the app goes on working', async () => {
      const { running } = attacked.get(host.name)!
      const home = PLAYGROUNDS['vanilla-mpa']!.pages.find(({ path }) => path === '/')!
      const visit = await walk(browser, servedAt(running), home)
      expect(await ran(visit)).toEqual([])
      const directives = (await visit.violations()).map(({ directive }) => directive)
      expect(directives.toSorted()).toEqual(expect.arrayContaining(['script-src-attr', 'script-src-elem']))
    })
  })
})
