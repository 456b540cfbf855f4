import { describe, expect, it } from 'vitest'
import { HOSTS, PROJECT } from './hosts.ts'
import { buildSite, meaningOf, unionOf } from './site.ts'

const PAGES = [
  'index.html',
  'about.html',
  'blog/index.html',
  'blog/about.html',
  'with space.html',
  'café.html',
]

/** Each page under the path that hosts link it by, and under an alias. */
const REQUESTS: readonly (readonly [path: string, page: string])[] = [
  ['/', 'index.html'],
  ['/about', 'about.html'],
  ['/about.html', 'about.html'],
  ['/blog/', 'blog/index.html'],
  ['/blog/about', 'blog/about.html'],
  ['/with%20space', 'with space.html'],
  ['/caf%C3%A9', 'café.html'],
]

describe.each(HOSTS)('$name', (host) => {
  it('sends each page its own policy, and what is no page the union', async () => {
    const built = buildSite({
      output: host.output,
      pages: PAGES,
      layout: 'per-page',
      own: { project: PROJECT },
    })
    expect(built.delivered.findings).toEqual([])
    const running = await host.start(built)
    try {
      for (const [path, page] of REQUESTS) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other, so that a failure names its request
        for (const { status, headers } of await running.get(path)) {
          const answer = [path, status ?? 200, ...meaningOf(headers.get('content-security-policy'))]
          expect(answer).toEqual([path, 200, ...unionOf([page])])
        }
      }
      for (const path of ['/no-such-page', '/assets/app.js']) {
        // oxlint-disable-next-line no-await-in-loop -- as above
        for (const { headers } of await running.get(path)) {
          expect(meaningOf(headers.get('content-security-policy'))).toEqual(unionOf(PAGES))
        }
      }
    } finally {
      await running.stop()
      built.remove()
    }
  })

  it('sends with layout split what a meta cannot carry, and nothing that could intersect with the metas', async () => {
    const built = buildSite({ output: host.output, pages: PAGES, layout: 'split', own: { project: PROJECT } })
    expect([...(built.delivered.metas ?? [])].map(([path]) => path)).toEqual(PAGES)
    const running = await host.start(built)
    try {
      for (const path of [...REQUESTS.map(([one]) => one), '/no-such-page']) {
        // oxlint-disable-next-line no-await-in-loop -- as above
        for (const { headers } of await running.get(path)) {
          expect(meaningOf(headers.get('content-security-policy'))).toEqual(["'self' frame-ancestors"])
        }
      }
    } finally {
      await running.stop()
      built.remove()
    }
  })
})
