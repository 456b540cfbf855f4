import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { secureDirectory } from '../../../src/directory.ts'
import type { Options } from '../../../src/options.ts'
import { makeDirectory, writeTree } from '../../support/files.ts'
import { type Browser, engines, launch } from '../index.ts'
import { serve, type Served } from '../serve.ts'

/** An app that makes documents of what the fragment of its address says. */
const PAGE = `<!doctype html><html><head><meta charset="utf-8"><link rel="icon" href="data:,"><script>
const [way, type] = decodeURIComponent(location.hash.slice(1)).split(' ')
const code = "fetch(" + JSON.stringify(location.origin + '/ran') + ")"
const texts = {
  'text/html': '<!doctype html><script>' + code + '</' + 'script>',
  'image/svg+xml': '<svg xmlns="http://www.w3.org/2000/svg"><script>' + code + '</' + 'script></svg>',
}
addEventListener('load', () => {
  if (!texts[type]) return
  const src = URL.createObjectURL(new Blob([texts[type]], { type }))
  if (way === 'frame') document.body.append(Object.assign(document.createElement('iframe'), { src }))
  else location.href = src
})
</script></head><body></body></html>`

const SETTINGS: Readonly<Record<string, { readonly options: Options; readonly header?: true }>> = {
  'a meta': { options: {} },
  'a header': { options: {}, header: true },
  "frame-src 'self'": { options: { directives: { 'frame-src': ["'self'"] } } },
  "frame-src 'none'": { options: { directives: { 'frame-src': ["'none'"] } } },
  'frame-src of a named origin': { options: { directives: { 'frame-src': ['https://video.example'] } } },
}
const META = /<meta http-equiv="Content-Security-Policy" content="([^"]*)"[^>]*>/g

/** What runs in WebKit, where a blob document does not take over the policy. */
const FRAMES = ['frame text/html', 'frame image/svg+xml']
const OPENS = ['open text/html', 'open image/svg+xml']
const RUNS: Readonly<Record<string, readonly string[]>> = {
  'a meta': [...FRAMES, ...OPENS],
  'a header': [...FRAMES, ...OPENS],
  "frame-src 'self'": [...FRAMES, ...OPENS],
  "frame-src 'none'": OPENS,
  'frame-src of a named origin': OPENS,
}

const root = makeDirectory('blob-documents')
const served = new Map<string, Served>()

beforeAll(async () => {
  for (const [name, { options, header }] of Object.entries(SETTINGS)) {
    const dir = join(root, String(served.size))
    writeTree(dir, { 'index.html': PAGE })
    const { pages } = await secureDirectory(dir, options)
    expect(pages).toHaveLength(1)
    const html = readFileSync(join(dir, 'index.html'), 'utf8')
    const policy = [...html.matchAll(META)].map(([, content]) => content).join(', ')
    const asHeader = {
      override: () => Buffer.from(html.replaceAll(META, '')),
      headers: () => ({ 'content-security-policy': policy }),
    }
    served.set(name, await serve({ dir, ...(header ? asHeader : {}) }))
  }
})
afterAll(async () => {
  for (const one of served.values()) await one.close()
  rmSync(root, { recursive: true, force: true })
})

describe.each(engines)('in %s', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch(engine)
  })
  afterAll(() => browser.close())

  it.each(Object.keys(SETTINGS))('%s', async (name) => {
    const site = served.get(name)!
    const ran: string[] = []
    for (const vector of [...FRAMES, ...OPENS]) {
      const before = site.requests.filter((path) => path === '/ran').length
      await browser.visit(`${site.url('/')}#${encodeURIComponent(vector)}`)
      // Nothing tells that nothing comes.
      await new Promise((next) => setTimeout(next, 800))
      if (site.requests.filter((path) => path === '/ran').length > before) ran.push(vector)
    }
    expect(ran).toEqual(engine === 'webkit' ? RUNS[name] : [])
  })
})
