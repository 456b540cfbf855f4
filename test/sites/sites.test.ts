import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isDeepStrictEqual, promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DirectoryResult } from '../../src/directory.ts'
import { type Browser, engines, launch, type Violation, type Visit } from '../browsers/index.ts'
import { serve, type Served, type ServeOptions } from '../browsers/serve.ts'
import { compileCommand } from '../support/command.ts'
import { makeDirectory } from '../support/files.ts'
import { downloadSites, unpackSite } from './packages.ts'
import { type PackagedSite, SITES } from './sites.ts'

const execute = promisify(execFile)

/** So many chunks of a site are tried with one byte more, each in a load of its own. */
const TAMPERED = 40

interface LaidOut {
  readonly site: PackagedSite
  /** As the package ships it. */
  readonly plain: string
  /** The same after the command. */
  readonly secured: string
  readonly findings: DirectoryResult['findings']
  /** Every script, as a path inside the served folder. */
  readonly scripts: readonly string[]
}

const root = makeDirectory('sites')
const laidOut = new Map<PackagedSite, LaidOut>()
let command: string

async function layOut(site: PackagedSite): Promise<void> {
  const [plain, secured] = ['plain', 'secured'].map((name) => join(root, site.package, name)) as [
    string,
    string,
  ]
  for (const folder of [plain, secured]) unpackSite(site, folder)
  const mounted = join(secured, site.mount ?? '')
  const args = [command, mounted, '--json', ...(site.flags ?? [])]
  const { stdout } = await execute(process.execPath, args, { maxBuffer: 2 ** 26 })
  const { findings } = JSON.parse(stdout) as DirectoryResult
  const scripts = readdirSync(plain, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.m?js$/.test(path),
  )
  const one = { site, plain, secured, findings, scripts }
  laidOut.set(site, one)
  writeFileSync(join(secured, importerOf(one)), 'globalThis.load = (url) => import(url)')
}

/** A script among those of the site, for imports as a module makes them; those of a driver know no import map in WebKit. */
const importerOf = ({ scripts: [first = ''] }: Pick<LaidOut, 'scripts'>): string =>
  join(dirname(first), 'importer-of-the-test.js')

beforeAll(async () => {
  downloadSites(SITES)
  command = compileCommand(join(root, 'command'))
  const waiting = [...SITES]
  const work = async (): Promise<void> => {
    for (let site = waiting.shift(); site; site = waiting.shift()) await layOut(site)
  }
  await Promise.all([work(), work()])
}, 240_000)
afterAll(() => rmSync(root, { recursive: true, force: true }))

const serveSite = (
  { site, plain, secured }: LaidOut,
  which: 'plain' | 'secured',
  override?: ServeOptions['override'],
): Promise<Served> =>
  serve({
    dir: which === 'plain' ? plain : secured,
    ...(site.fallback ? { fallback: `${site.mount ?? ''}index.html` } : {}),
    ...(override ? { override } : {}),
  })

const open = (browser: Browser, served: Served, site: PackagedSite): Promise<Visit> =>
  browser.visit(served.url(site.open ?? site.mount ?? ''))

/** What must be the same: the text, the scripts that were asked for, the complaints. */
interface Seen {
  readonly text: string
  readonly scripts: readonly string[]
  readonly errors: readonly string[]
}

const sorted = (all: Iterable<string>): string[] => [...new Set(all)].toSorted()

async function look(visit: Visit, served: Served): Promise<Seen> {
  const errors = await visit.consoleErrors()
  return {
    text: await visit.evaluate<string>('document.body.innerText'),
    scripts: sorted(served.requests.filter((path) => /\.m?js$/.test(path))),
    errors: sorted(errors.filter((error) => !isToldElsewhere(error)).map(withoutPlaces)),
  }
}

const textOf = (seen: Seen | string | undefined): string => (typeof seen === 'object' ? seen.text : '')

/** Every server has its own port, and a stack its own lines. */
const withoutPlaces = (error: string): string =>
  error.replaceAll(/localhost:\d+/g, 'localhost').split('\n')[0] ?? ''

/** What other people's servers answer, and when, differs from visit to visit. Violations are judged by their events. */
const isToldElsewhere = (error: string): boolean =>
  /net::ERR_|https:\/\/(?!localhost)|content.security.policy/i.test(error)

/** An application that is left open goes on calling its server. */
const leave = (visit: Visit): Promise<unknown> =>
  visit.evaluate('void setTimeout(() => location.replace("about:blank"))')

describe.each(SITES)('$package, protected with one command', (site) => {
  it('is one that verify finds nothing wrong with', async () => {
    const mounted = join(laidOut.get(site)!.secured, site.mount ?? '')
    const { stdout } = await execute(process.execPath, [command, 'verify', mounted, '--quiet'])
    expect(stdout).toBe('')
  })
})

describe.each(engines)('in %s', (engine) => {
  let [left, right]: Browser[] = []
  beforeAll(async () => {
    ;[left, right] = await Promise.all([launch(engine), launch(engine)])
  })
  afterAll(() => Promise.all([left?.close(), right?.close()]))

  it.each(SITES)('$package shows and loads what it does without a policy', async (site) => {
    const one = laidOut.get(site)!
    const [plain, secured] = await Promise.all([serveSite(one, 'plain'), serveSite(one, 'secured')])
    const visits = await Promise.all([open(left!, plain, site), open(right!, secured, site)])
    let seen: (Seen | string)[] = []
    let same = 0
    for (const end = Date.now() + 40_000; same < 3 && Date.now() < end;) {
      // The document may be between two pages.
      seen = await Promise.all([look(visits[0], plain).catch(String), look(visits[1], secured).catch(String)])
      same = isDeepStrictEqual(seen[0], seen[1]) && textOf(seen[1]).includes(site.shows) ? same + 1 : 0
      await new Promise((next) => setTimeout(next, 250))
    }
    const violations = await visits[1].violations()
    await Promise.all([...visits.map(leave), plain.close(), secured.close()])
    expect(seen[1]).toEqual(seen[0])
    expect(textOf(seen[1])).toContain(site.shows)
    const isExpected = (violation: Violation): boolean =>
      announced(one, violation.blocked, violation.source) || isCaught(one, violation)
    expect(violations.filter((violation) => !isExpected(violation))).toEqual([])
  })

  it.each(SITES)('no chunk of $package runs when another script stands in its place', async (site) => {
    const one = laidOut.get(site)!
    const other = Buffer.from('(globalThis.ran ??= []).push(import.meta.url)')
    const served = await serveSite(one, 'secured', (file) => (one.scripts.includes(file) ? other : undefined))
    const visit = await open(left!, served, site)
    const urls = one.scripts.map((path) => new URL(path, served.url('')).href)
    // The same file under a URL that no pin covers: the page lets it run, so the test would see it.
    const unpinned = urls.map((url) => `${url}?unpinned`)
    const all = JSON.stringify([...urls, ...unpinned])
    await visit.evaluate(`new Promise((done) => {
      const script = document.createElement('script')
      script.type = 'module'
      script.src = ${JSON.stringify(new URL(importerOf(one), served.url('')).pathname)}
      script.onload = done
      document.head.append(script)
    }).then(() => Promise.allSettled(${all}.map(globalThis.load))).then(() => true)`)
    const ran = await visit.evaluate<string[]>('globalThis.ran')
    await Promise.all([leave(visit), served.close()])
    expect(sorted(ran)).toEqual(sorted(unpinned))
  })
})

/** Whether a finding has told of a violation: `eval` and WebAssembly in a chunk. */
function announced({ findings }: LaidOut, blocked: string, source: string): boolean {
  const code = { eval: 'eval-used', 'wasm-eval': 'wasm-blocked' }[blocked]
  return findings.some(
    (one) => one.code === code && one.location !== undefined && source.endsWith(one.location.file),
  )
}

/** Libraries ask for the global object this way first, and go on without when it is refused: nothing is broken. */
function isCaught({ plain }: LaidOut, { blocked, source, line }: Violation): boolean {
  if (blocked !== 'eval') return false
  const text = readFileSync(join(plain, new URL(source).pathname), 'utf8').split('\n')[line - 1] ?? ''
  return /try\s*\{[^{}]*\bFunction\("return this"\)\(\)[^{}]*\}\s*catch/.test(text)
}

/** The policies and the import map of a page, without anything that would start the application. */
function bare(html: string): string {
  const kept = html.match(
    /<meta http-equiv="Content-Security-Policy"[^>]*>|<script type="importmap"[^>]*>.*?<\/script>/gs,
  )
  return `<!doctype html><meta charset="utf-8">${kept?.join('') ?? ''}`
}

/** In a frame of its own, so with modules of its own: starts a chunk and tells whether it ran to its last byte. */
const start = (url: string, mark: string): string => `new Promise((done) => {
  const frame = document.createElement('iframe')
  frame.src = location.href
  frame.onload = () => {
    const script = frame.contentDocument.createElement('script')
    script.type = 'module'
    script.src = ${JSON.stringify(url)}
    script.onload = script.onerror = () => {
      done(frame.contentWindow[${JSON.stringify(mark)}] === true)
      frame.remove()
    }
    frame.contentDocument.head.append(script)
  }
  document.documentElement.append(frame)
})`

const spread = <T>(all: readonly T[], count: number): T[] =>
  all.filter(
    (_, index) => Math.floor((index * count) / all.length) !== Math.floor(((index - 1) * count) / all.length),
  )

describe.each(engines.filter((engine) => engine === 'chromium'))('in %s, closely', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch(engine)
  })
  afterAll(() => browser.close())

  it.each(SITES)('no chunk of $package runs with one byte more', async (site) => {
    const one = laidOut.get(site)!
    const page = `${site.mount ?? ''}index.html`
    let tampered = ''
    const served = await serveSite(one, 'secured', (file, bytes) => {
      if (file === page) return Buffer.from(bare(bytes.toString()))
      return file === tampered
        ? Buffer.concat([bytes, Buffer.from('\n;globalThis.tampered = true')])
        : undefined
    })
    const visit = await browser.visit(served.url(site.mount ?? ''))
    const ran: string[] = []
    let controls = 0
    for (tampered of spread(one.scripts, TAMPERED)) {
      const path = new URL(tampered, served.url('')).pathname
      if (await visit.evaluate<boolean>(start(path, 'tampered'))) ran.push(tampered)
      expect(served.requests).toContain(path)
      // Under a URL that no pin covers it runs, unless it cannot run by itself: so the test would see it.
      if (controls === 0 && (await visit.evaluate<boolean>(start(`${path}?unpinned`, 'tampered')))) controls++
    }
    expect(controls).toBe(1)
    expect(ran).toEqual([])
    await served.close()
  })
})
