import { describe, expect, it } from 'vitest'
import { policy } from '../outputs/policies.ts'
import { apacheHost } from './apache.ts'
import { pagesHost, workersHost } from './cloudflare.ts'
import type { Host } from './host.ts'
import { nginxHost } from './nginx.ts'
import { type BuiltSite, buildSite } from './site.ts'

/** A site whose policy has a value of exactly so many characters. */
function siteOf(host: Host, length: number, own: Record<string, string> = {}): BuiltSite {
  const rest = 'script-src https://.example/'.length
  const policies = [policy({ 'script-src': `https://${'a'.repeat(length - rest)}.example/` })]
  return buildSite({
    output: host.output,
    pages: ['index.html'],
    policies: () => policies,
    own: { site: own },
  })
}

/** The policy of the start page; `undefined` where the server does not start or fails. */
async function served(host: Host, built: BuiltSite): Promise<string | undefined> {
  const running = await host.start(built).catch(() => undefined)
  const [answer] = (await running?.get('/')) ?? []
  await running?.stop()
  return answer?.status === 200 ? answer.headers.get('content-security-policy') : undefined
}

/** For each host the longest value that its output lets pass. */
const LONGEST: readonly (readonly [host: Host, value: number])[] = [
  [workersHost, 2000 - '  Content-Security-Policy: '.length],
  [pagesHost, 2000 - '  Content-Security-Policy: '.length],
  [nginxHost, 4093],
  [apacheHost, 8191 - 'Header always set Content-Security-Policy ""'.length],
]

describe.each(LONGEST)('$name', (host, longest) => {
  it(`serves a policy of ${longest} characters, and gets none that is longer`, async () => {
    const fits = siteOf(host, longest)
    const over = siteOf(host, longest + 1)
    try {
      expect(fits.delivered.findings).toEqual([])
      expect(await served(host, fits)).toHaveLength(longest)
      expect(over.delivered.findings).toMatchObject([{ code: 'header-line-too-long', severity: 'error' }])
    } finally {
      fits.remove()
      over.remove()
    }
  })
})

describe('what the limits keep away', () => {
  it.each([
    [workersHost, 2001 - 'Content-Security-Policy: '.length],
    [pagesHost, 2001 - 'Content-Security-Policy: '.length],
    [nginxHost, 4094],
    [apacheHost, 8192 - 'Header always set Content-Security-Policy ""'.length],
  ])('$name really drops a longer policy, or fails', async (host, length) => {
    const built = siteOf(host, length)
    try {
      expect(await served(host, built)).toBeUndefined()
    } finally {
      built.remove()
    }
  })

  // 100 are documented; the parser of this version counts a rule when the next one begins, and so reads 101.
  it('Cloudflare really passes over the last of 102 rules', async () => {
    const rules = Array.from({ length: 101 }, (_, index) => `/r${index}\n  X-Rule: ${index}\n`).join('')
    const built = siteOf(workersHost, 100, { _headers: rules })
    const running = await workersHost.start(built)
    try {
      expect(built.delivered.findings).toMatchObject([{ code: 'header-rules-too-many', severity: 'error' }])
      const [last] = await running.get('/r100')
      expect(last?.headers.has('x-rule')).toBe(false)
    } finally {
      await running.stop()
      built.remove()
    }
  })

  it('Cloudflare serves a site with 100 rules, the policy among them', async () => {
    const rules = Array.from({ length: 99 }, (_, index) => `/r${index}\n  X-Rule: ${index}\n`).join('')
    const built = siteOf(workersHost, 100, { _headers: rules })
    const running = await workersHost.start(built)
    try {
      expect(built.delivered.findings).toEqual([])
      const [page] = await running.get('/')
      const [last] = await running.get('/r98')
      expect(page?.headers.get('content-security-policy')).toHaveLength(100)
      expect(last?.headers.get('x-rule')).toBe('98')
      expect(last?.headers.get('content-security-policy')).toHaveLength(100)
    } finally {
      await running.stop()
      built.remove()
    }
  })
})
