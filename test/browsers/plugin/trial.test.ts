import { join } from 'node:path'
import { parseAllHeaders } from '@netlify/headers-parser'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Options } from '../../../src/index.ts'
import { type Browser, engines, launch } from '../index.ts'
import { serve } from '../serve.ts'
import { buildPlayground, PLAYGROUNDS } from '../playground/apps.ts'
import { walk } from '../playground/walk.ts'
import { temporaryDirectory } from '../../support/files.ts'

const app = 'vanilla-mpa'

/** A build, with the headers that the host's own parser reads for every path. */
async function built(options: Options): Promise<{ dir: string; headers: Record<string, string> }> {
  const dir = temporaryDirectory('trial')
  await buildPlayground(app, dir, { ...options, output: 'netlify' })
  const headersFiles = [join(dir, '_headers')]
  const { headers } = await parseAllHeaders({ headersFiles, configHeaders: [], minimal: true })
  const values = headers.find((rule) => rule.for === '/*')!.values
  return {
    dir,
    headers: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)])),
  }
}

const ENFORCED = 'Content-Security-Policy'
const REPORTED = 'Content-Security-Policy-Report-Only'

describe.each(engines)('in %s', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch(engine)
  })
  afterAll(() => browser.close())

  it('one policy is enforced and another tried out: the app runs, what the other would block is reported', async () => {
    const { dir, headers } = await built({ reportOnly: { directives: { 'img-src': ["'none'"] } } })
    expect(headers[ENFORCED]).not.toContain('img-src')
    expect(headers[REPORTED]).toContain("img-src 'none'")
    const served = await serve({ dir, headers: () => headers })
    const visit = await walk(browser, served, PLAYGROUNDS[app]!.pages[0]!)
    const violations = await visit.violations()
    expect(new Set(violations.map(({ directive, disposition }) => `${directive} ${disposition}`))).toEqual(
      new Set(['img-src report']),
    )
    await served.close()
  })

  it('with nothing but reports, nothing is blocked', async () => {
    const { dir, headers } = await built({ reportOnly: true, directives: { 'img-src': ["'none'"] } })
    expect(headers[ENFORCED]).toBeUndefined()
    expect(headers[REPORTED]).toContain("img-src 'none'")
    const served = await serve({ dir, headers: () => headers })
    const visit = await walk(browser, served, PLAYGROUNDS[app]!.pages[0]!)
    const violations = await visit.violations()
    expect(violations.length).toBeGreaterThan(0)
    expect(violations.filter(({ disposition }) => disposition !== 'report')).toEqual([])
    await served.close()
  })
})
