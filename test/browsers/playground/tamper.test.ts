import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { PlaygroundPage } from '../../../playground/spec.ts'
import { type Browser, engines, launch, type Visit } from '../index.ts'
import { serve, type Served } from '../serve.ts'
import { makeDirectory, readTree } from '../../support/files.ts'
import { buildPlayground, PLAYGROUNDS } from './apps.ts'

/** Says in the page that the file took effect. */
function marked(file: string, bytes: Buffer): Buffer {
  const mark = file.endsWith('.js')
    ? `\n;globalThis[${JSON.stringify(file)}] = true`
    : `\n:root { ${property(file)}: true }`
  return Buffer.concat([bytes, Buffer.from(mark)])
}

const property = (file: string): string => `--${file.replaceAll(/[^A-Za-z0-9_-]/g, '_')}`

const tookEffect = (file: string): string =>
  `Boolean(globalThis[${JSON.stringify(file)}] || getComputedStyle(document.documentElement).getPropertyValue('${property(file)}'))`

const { pages } = PLAYGROUNDS['vanilla-mpa']!

let directory: string
let plain: string
beforeAll(async () => {
  directory = makeDirectory('tamper')
  plain = makeDirectory('tamper-plain')
  await buildPlayground('vanilla-mpa', directory, {})
  await buildPlayground('vanilla-mpa', plain, false)
})
afterAll(() => {
  for (const one of [directory, plain]) rmSync(one, { recursive: true, force: true })
})

/** Clicks through a page whose parts may be dead. */
async function clickThrough(browser: Browser, served: Served, page: PlaygroundPage): Promise<Visit> {
  const visit = await browser.visit(served.url(page.path))
  for (const { click } of page.steps) {
    if (click && (await visit.evaluate(`!!document.querySelector(${JSON.stringify(click)})`)))
      await visit.click(click)
  }
  return visit
}

/** A round trip later than the last answer, what the answers could do has been done. */
const afterAnswers = (visit: Visit): Promise<void> =>
  visit.evaluate(
    `fetch('/favicon.svg').then((r) => r.text()).then(() => new Promise((done) => setTimeout(done, 50)))`,
  )

describe.each(engines)('one byte more, in %s', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch(engine)
  })
  afterAll(() => browser.close())

  it('takes effect without the plugin, in every file: the test would see it', async () => {
    const files = tamperable(plain)
    const served = await serve({
      dir: plain,
      override: (path, bytes) => (files.includes(path) ? marked(path, bytes) : undefined),
    })
    const seen = new Set<string>()
    for (const page of pages) {
      const visit = await clickThrough(browser, served, page)
      await afterAnswers(visit)
      for (const file of files) if (await visit.evaluate(tookEffect(file))) seen.add(file)
    }
    await served.close()
    expect([...seen].toSorted()).toEqual(files)
  })

  it('takes effect in no chunk and no style', async () => {
    for (const file of tamperable(directory)) {
      const served = await serve({
        dir: directory,
        override: (path, bytes) => (path === file ? marked(path, bytes) : undefined),
      })
      const page = pages.find(({ html }) => readFileSync(join(directory, html), 'utf8').includes(file))!
      const visit = await clickThrough(browser, served, page)
      await vi
        .waitUntil(() => served.requests.includes(`/${file}`), { timeout: 20_000 })
        .catch(() => {
          throw new Error(`The page never asked for ${file}.`)
        })
      await afterAnswers(visit)
      expect([file, await visit.evaluate(tookEffect(file))]).toEqual([file, false])
      await served.close()
    }
  })
})

/** Workers are the one kind of script that browsers have no integrity for. */
function tamperable(dir: string): string[] {
  return Object.keys(readTree(dir)).filter((path) => /\.(?:js|css)$/.test(path) && !path.includes('worker'))
}
