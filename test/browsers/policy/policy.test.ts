import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, engines, launch } from '../index.ts'
import { serve, type Served } from '../serve.ts'
import { type Options, resolveOptions } from '../../../src/options.ts'
import { secureSite } from '../../../src/pipeline.ts'
import { makeDirectory, writeTree } from '../../support/files.ts'
import { memorySite } from '../../support/memory-site.ts'

const PAGE = `<!doctype html>
<html><head><meta charset="utf-8"><link rel="icon" href="data:,">
<script>window.ran = []</script></head>
<body onload="ran.push('load')">
<button onclick="ran.push('click')">Go</button>
<a href="javascript:void ran.push('url')">Go</a>
<svg width="9" height="9" onclick="ran.push('svg')"><rect width="9" height="9"/></svg>
<p style="color: rgb(0, 128, 0)">Green</p>
</body></html>
`

const CASES: readonly { readonly name: string; readonly options: Options }[] = (
  ['strict', 'dynamic'] as const
).flatMap((scripts) => [
  { name: `${scripts}, closed`, options: { scripts, preset: 'tight' } as const },
  { name: `${scripts}, open`, options: { scripts, preset: 'tight', unsafeHashes: true } as const },
])

const work = makeDirectory('attributes')
const served = new Map<string, Served>()

beforeAll(async () => {
  for (const { name, options } of CASES) {
    const [page] = secureSite(memorySite({ 'index.html': PAGE }), resolveOptions(options)).pages
    writeTree(join(work, name), { 'index.html': page?.html ?? '' })
    served.set(name, await serve({ dir: join(work, name) }))
  }
})

afterAll(async () => {
  for (const one of served.values()) await one.close()
  rmSync(work, { recursive: true, force: true })
})

describe.each(engines)('%s', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch(engine)
  })
  afterAll(() => browser.close())

  it.each(CASES)('attributes, $name', async ({ name, options }) => {
    const visit = await browser.visit(served.get(name)!.url('/'))
    for (const selector of ['button', 'a', 'svg']) await visit.click(selector)
    const color = await visit.evaluate<string>(`getComputedStyle(document.querySelector('p')).color`)
    if (options.unsafeHashes) {
      await visit.waitFor(`ran.length === 4`)
      expect(await visit.evaluate<string[]>('ran')).toEqual(['load', 'click', 'url', 'svg'])
      expect(color).toBe('rgb(0, 128, 0)')
      expect(await visit.violations()).toEqual([])
    } else {
      expect((await visit.violations()).length).toBeGreaterThanOrEqual(4)
      expect(await visit.evaluate<string[]>('ran')).toEqual([])
      expect(color).not.toBe('rgb(0, 128, 0)')
    }
  })
})
