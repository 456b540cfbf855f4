import { Ajv } from 'ajv'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { azureCommandLine, azureHost } from './azure.ts'
import type { RunningHost } from './host.ts'
import { type BuiltSite, buildSite, meaningOf, readAs, unionOf } from './site.ts'

const PAGES = ['index.html', 'about.html', 'blog/index.html', 'blog/about.html', '404.html']
const FILE = 'staticwebapp.config.json'

const OWN = `{
  "navigationFallback": { "rewrite": "/index.html", "exclude": ["/assets/*"] },
  "routes": [{ "route": "/old", "redirect": "/about.html" }, { "route": "/blog/*", "headers": { "X-Blog": "1" } }],
  "globalHeaders": { "X-Mine": "1" }
}
`

/** What the host's own schema has against a file. The dialect is draft 4, which differs in the name of `id` here. */
function validate(text: string): unknown[] {
  const schema = JSON.parse(readFileSync(join(azureCommandLine(), 'schema', FILE), 'utf8')) as object
  const known = Object.entries(schema).filter(([key]) => key !== '$schema' && key !== 'id')
  const check = new Ajv({ strict: false, allErrors: true }).compile(Object.fromEntries(known))
  check(JSON.parse(text))
  return check.errors ?? []
}

describe.each([
  ['no file', undefined],
  ["the user's file", OWN],
])('Azure Static Web Apps, with %s', (_, own) => {
  let built: BuiltSite
  let running: RunningHost

  beforeAll(async () => {
    const site = own === undefined ? {} : { [FILE]: own }
    const before = buildSite({ output: azureHost.output, pages: PAGES, own: { site } })
    const merged = before.delivered.files![0]!.content
    before.remove()
    // A rebuild over what the build before has left.
    built = buildSite({ output: azureHost.output, pages: PAGES, build: 1, own: { site: { [FILE]: merged } } })
    running = await azureHost.start(built)
  })
  afterAll(async () => {
    await running?.stop()
    built?.remove()
  })

  it("is valid by the host's own schema", () => {
    expect(built.delivered.findings).toEqual([])
    expect(validate(built.written.siteFile(FILE)!)).toEqual([])
    expect(validate('{ "globalHeaders": [] }')).not.toEqual([])
  })

  const fallback = own === undefined ? [] : ['/no/such/page', '/about', '/old']
  it.each([
    '/',
    '/index.html',
    '/about.html',
    '//about.html',
    '/blog/',
    '/blog/about.html',
    '/assets/app.js',
    ...fallback,
  ])('answers %s with the one policy', async (path) => {
    const [answer] = await running.get(path)
    expect([path, answer?.status]).toEqual([path, 200])
    expect(meaningOf(answer?.headers.get('content-security-policy'))).toEqual(unionOf(PAGES, 1))
    if (own !== undefined) expect(answer?.headers.get('x-mine')).toBe('1')
  })

  it("leaves the user's routes alone", async () => {
    const [answer] = await running.get('/blog/about.html')
    expect(answer?.headers.get('x-blog')).toBe(own === undefined ? undefined : '1')
  })
})

describe('Azure Static Web Apps, per page', () => {
  let built: BuiltSite
  let running: RunningHost
  beforeAll(async () => {
    built = buildSite({
      output: azureHost.output,
      pages: PAGES,
      layout: 'per-page',
      own: { site: { [FILE]: OWN } },
    })
    running = await azureHost.start(built)
  })
  afterAll(async () => {
    await running?.stop()
    built?.remove()
  })

  it("is valid by the host's own schema", () => {
    expect(built.delivered.findings).toEqual([])
    expect(validate(built.written.siteFile(FILE)!)).toEqual([])
  })

  it.each([
    ['/', 'index.html'],
    ['/index.html', 'index.html'],
    ['/about.html', 'about.html'],
    // A route of the user's comes first, so the policy for every path stays.
    ['/blog/about.html', undefined],
    ['/no/such/page', undefined],
  ] as const)('answers %s with the policy of %s', async (path, page) => {
    const expected = unionOf(page === undefined ? PAGES : [page])
    const read = readAs(azureHost, built, { path, file: page })
    const [answer] = await running.get(path)
    expect(answer?.status).toBe(200)
    expect(meaningOf(answer?.headers.get('content-security-policy'))).toEqual(expected)
    expect(meaningOf(read.get('content-security-policy'))).toEqual(expected)
    expect(answer?.headers.get('x-mine')).toBe('1')
  })
})
