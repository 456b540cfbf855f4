import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { vi } from 'vitest'
import type { Browser, Violation } from '../browsers/index.ts'
import { type Served, serve } from '../browsers/serve.ts'

/** What one page said of itself. */
export interface Told {
  readonly marks: readonly string[]
  readonly refused: readonly string[]
  /** Of its paragraphs. */
  readonly colors: readonly string[]
}

export interface Framed {
  readonly url: string
  /** Marks or colours that it must tell before the visit goes on. */
  readonly awaited: readonly string[]
}

export interface OpenOptions {
  /** @default 15_000 */
  readonly timeoutMs?: number
  /** What else must be true before what the pages said counts. @default nothing */
  readonly isOver?: () => boolean
}

export interface HubVisit {
  readonly told: readonly Told[]
  /** As the browser reports them, of all frames. */
  readonly violations: readonly Violation[]
}

const HUB = `<!doctype html><meta charset="utf-8"><title>Hub</title><script>
  const told = []
  const shown = []
  addEventListener('message', ({ source, data }) => {
    const index = shown.findIndex((frame) => frame.contentWindow === source)
    if (index >= 0) told[index] = data
  })
  const show = (urls) => {
    for (const url of urls) shown.push(Object.assign(document.createElement('iframe'), { src: url }))
    document.body.append(...shown)
  }
  const says = (i, what) => told[i]?.marks.includes(what) || told[i]?.colors.includes(what)
  const lacks = (expected) => expected.some((list, i) => list.some((what) => !says(i, what)))
</script><body>`

/** A page that frames others, each of another origin: one visit opens many builds. */
export async function serveHub(directory: string): Promise<Served> {
  writeFileSync(join(directory, 'hub.html'), HUB)
  return serve({ dir: directory })
}

/** Opens all pages at once, waits until each has said all that it should or the time is over, and tells what they said. */
export async function openAll(
  browser: Browser,
  hub: Served,
  pages: readonly Framed[],
  { timeoutMs = 15_000, isOver = () => true }: OpenOptions = {},
): Promise<HubVisit> {
  const visit = await browser.visit(hub.url('hub.html'))
  await visit.evaluate(`show(${JSON.stringify(pages.map(({ url }) => url))})`)
  const expected = JSON.stringify(pages.map(({ awaited }) => awaited))
  // What is missing is told by the page's own assertion.
  await visit.waitFor(`!lacks(${expected})`, timeoutMs).catch(() => {})
  await vi.waitUntil(isOver, { timeout: timeoutMs }).catch(() => {})
  // Two rounds of the pages' own reports: a part that runs twice says so by then.
  await visit.evaluate('new Promise((done) => setTimeout(done, 150))')
  const told = await visit.evaluate<(Told | null)[]>(
    `Array.from({ length: ${pages.length} }, (_, i) => told[i] ?? null)`,
  )
  const violations = await visit.violations()
  // Else its pages would run on beside those of the next visits.
  await visit.evaluate('void setTimeout(() => location.replace("about:blank"))')
  return { told: told.map((one) => one ?? { marks: [], refused: [], colors: [] }), violations }
}
