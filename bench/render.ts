import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { type Browser, chromium } from 'playwright-core'
import { chunksApp } from './apps.ts'
import { buildArguments, outputOf } from './contestants.ts'
import { markdownTable, publish } from './docs.ts'
import { measured, rounds, spreadOf, spreadText } from './measure.ts'

const TYPES: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
}

/** Serves a folder from memory, compressed as hosts do it. */
async function serve(folder: string): Promise<{ server: Server; url: string }> {
  const files = new Map<string, { body: Buffer; type: string }>()
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const file = join(folder, name)
    if (!statSync(file).isFile()) continue
    const type = TYPES[extname(name)] ?? 'application/octet-stream'
    files.set(`/${name.replaceAll('\\', '/')}`, { body: brotliCompressSync(readFileSync(file)), type })
  }
  const server = createServer((request, response) => {
    const path = request.url === '/' ? '/index.html' : (request.url ?? '')
    const found = files.get(path)
    if (!found) return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': found.type, 'content-encoding': 'br' }).end(found.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://localhost:${(server.address() as AddressInfo).port}/` }
}

interface Seen {
  /** Milliseconds from navigation to the mark that the app sets when its first view stands in the document. */
  readonly rendered: number
  /** Milliseconds to the first contentful paint. */
  readonly painted: number
}

async function visit(browser: Browser, url: string): Promise<Seen> {
  // Nothing is cached in a new context.
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
    await page.goto(url)
    // Awaited in the page: what waits from outside is evaluated there as text, which the policy refuses.
    return (await page.evaluate(`new Promise((resolve) => {
      const look = () => {
        const [rendered] = performance.getEntriesByName('rendered')
        const [painted] = performance.getEntriesByName('first-contentful-paint')
        if (rendered && painted) resolve({ rendered: rendered.startTime, painted: painted.startTime })
        else requestAnimationFrame(look)
      }
      look()
    })`)) as Seen
  } finally {
    await context.close()
  }
}

function browserPath(): string {
  const known = ['/usr/bin/chromium', '/usr/bin/google-chrome', '/usr/bin/chromium-browser']
  return known.find(existsSync) ?? chromium.executablePath()
}

/** Time from navigation to the app's first render in Chromium, with the policy and without. */
export async function renderSection(wanted: number | undefined): Promise<void> {
  const rows: string[][] = []
  const browser = await chromium.launch({ executablePath: browserPath(), args: ['--no-sandbox'] })
  try {
    for (const count of [10, 300]) {
      const app = chunksApp(count)
      const served: Record<string, { server: Server; url: string }> = {}
      for (const contestant of ['none', 'csp-hashes'] as const) {
        rmSync(outputOf(app, contestant), { recursive: true, force: true })
        await measured(buildArguments(app, contestant), app.folder)
        served[contestant] = await serve(outputOf(app, contestant))
      }
      const all = await rounds(['none', 'csp-hashes'], wanted ?? 60, (one) =>
        visit(browser, served[one]!.url),
      )
      for (const { server } of Object.values(served)) server.close()
      for (const pick of ['rendered', 'painted'] as const) {
        const of = (one: 'none' | 'csp-hashes') => spreadOf(all.map((round) => round[one][pick]))
        rows.push([
          `${count} lazy chunks, ${pick === 'rendered' ? 'first render' : 'first contentful paint'}`,
          spreadText(of('none'), 0),
          spreadText(of('csp-hashes'), 0),
          (of('csp-hashes').median / of('none').median).toFixed(3),
          (of('csp-hashes').min / of('none').min).toFixed(3),
        ])
      }
    }
  } finally {
    await browser.close()
  }
  const head = ['app of', 'without, ms', 'with, ms', 'medians', 'minima']
  publish('render', markdownTable(head, rows))
}
