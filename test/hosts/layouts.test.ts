import { describe, expect, it } from 'vitest'
import type { Layout } from '../../src/outputs/output.ts'
import type { Host, RunningHost } from './host.ts'
import { HOSTS, HOSTS_BY_PAGE, PROJECT } from './hosts.ts'
import { type BuiltSite, buildSite, meaningOf, readAs, type SiteOptions, unionOf } from './site.ts'
import { policy } from '../outputs/policies.ts'

const PAGES = [
  'index.html',
  'about.html',
  'blog/index.html',
  'blog/about.html',
  'with space.html',
  'café.html',
]

/** Each page under the path that hosts link it by, and under an alias; the last two are no pages. */
const REQUESTS: readonly (readonly [path: string, page: string | undefined])[] = [
  ['/', 'index.html'],
  ['/about', 'about.html'],
  ['/about.html', 'about.html'],
  ['/blog/', 'blog/index.html'],
  ['/blog/about', 'blog/about.html'],
  ['/with%20space', 'with space.html'],
  ['/caf%C3%A9', 'café.html'],
  ['/no-such-page', undefined],
  ['/assets/app.js', undefined],
]

/** Asks the host for each path, and reads the same back from what was written: both must be what is expected. */
async function expectPolicies(
  host: Host,
  options: Partial<SiteOptions> & { readonly layout: Layout },
  expected: (page: string | undefined) => readonly string[],
): Promise<void> {
  const built: BuiltSite = buildSite({
    output: host.output,
    pages: PAGES,
    own: { project: PROJECT },
    ...options,
  })
  let running: RunningHost | undefined
  try {
    expect(built.delivered.findings).toEqual([])
    running = await host.start(built)
    for (const [path, page] of REQUESTS) {
      const read = readAs(host, built, { path, file: page })
      expect([path, ...meaningOf(read.get('content-security-policy'))]).toEqual([path, ...expected(page)])
      expect([path, read.get('x-content-type-options')]).toEqual([path, 'nosniff'])
      // oxlint-disable-next-line no-await-in-loop -- one after the other, so that a failure names its request
      for (const { status, headers } of await running.get(path)) {
        expect([path, ...meaningOf(headers.get('content-security-policy'))]).toEqual([
          path,
          ...expected(page),
        ])
        expect([path, headers.get('x-content-type-options')]).toEqual([path, 'nosniff'])
        if (page !== undefined) expect([path, status ?? 200]).toEqual([path, 200])
      }
    }
  } finally {
    await running?.stop()
    built.remove()
  }
}

describe.each(HOSTS)('$name', (host) => {
  it('sends the union of all pages everywhere, whatever characters it has', async () => {
    const odd =
      "script-src 'self' https://cdn.example/a%2Cb/ https://cdn.example/100%/ https://cdn.example/:splat/:path"
    const policies = [policy({ 'script-src': odd.slice('script-src '.length) })]
    await expectPolicies(host, { layout: 'union', policies: () => policies }, () =>
      meaningOf(
        host.name === 'Netlify' || host.name.startsWith('Cloudflare')
          ? odd.replace(':splat', '%3Asplat')
          : odd,
      ),
    )
  })

  const layouts: Layout[] = HOSTS_BY_PAGE.includes(host) ? ['union', 'per-page'] : ['union']

  if (layouts.includes('per-page'))
    it('sends each page its own policy, and what is no page the union', async () => {
      await expectPolicies(host, { layout: 'per-page' }, (page) =>
        unionOf(page === undefined ? PAGES : [page]),
      )
    })

  it.each(layouts)(
    'sends a single-page app what its index needs, whatever is asked for: %s',
    async (layout) => {
      const pages = ['index.html', 'about.html']
      const built = buildSite({ output: host.output, pages, layout, own: { project: PROJECT } })
      const running = await host.start({ ...built, fallback: 'index.html' })
      // Where pages are told apart by the file that is served, the index has its own; elsewhere there is the union.
      const good = [unionOf(['index.html']), unionOf(pages)]
      try {
        for (const path of ['/some/route', '/%61/b', '/some/other/']) {
          // oxlint-disable-next-line no-await-in-loop -- one after the other, so that a failure names its request
          for (const { status, headers } of await running.get(path)) {
            expect([path, status ?? 200]).toEqual([path, 200])
            expect(good).toContainEqual(meaningOf(headers.get('content-security-policy')))
          }
        }
      } finally {
        await running.stop()
        built.remove()
      }
    },
  )

  it('sends with layout split what a meta cannot carry, and nothing that could intersect with the metas', async () => {
    await expectPolicies(host, { layout: 'split' }, () => ["'self' frame-ancestors"])
  })
})
