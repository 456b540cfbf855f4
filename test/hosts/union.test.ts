import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CASES } from './cases.ts'
import type { RunningHost } from './host.ts'
import { HOSTS, PROJECT } from './hosts.ts'
import { type BuiltSite, buildSite, meaningOf, unionOf } from './site.ts'

const UNKNOWN = '/no-such-page'
const ASSET = '/assets/app.js'

describe.each(HOSTS)('$name', (host) => {
  describe.each(CASES)('$name', ({ pages, served, aliases }) => {
    let built: BuiltSite
    let running: RunningHost

    beforeAll(async () => {
      built = buildSite({ output: host.output, pages, own: { project: PROJECT } })
      running = await host.start(built)
    })
    afterAll(async () => {
      await running?.stop()
      built?.remove()
    })

    it.each(served)('serves %s with the one policy', async (path) => {
      for (const { status, headers } of await running.get(path)) {
        expect(status ?? 200).toBe(200)
        expect(meaningOf(headers.get('content-security-policy'))).toEqual(unionOf(pages))
        expect(headers.has('content-security-policy-report-only')).toBe(false)
        expect(headers.get('x-content-type-options')).toBe('nosniff')
      }
    })

    it.each([...aliases, UNKNOWN, ASSET])('answers %s with the one policy', async (path) => {
      for (const { headers } of await running.get(path)) {
        expect(meaningOf(headers.get('content-security-policy'))).toEqual(unionOf(pages))
        expect(headers.get('x-content-type-options')).toBe('nosniff')
      }
    })
  })
})
