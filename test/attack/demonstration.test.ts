import { rmSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { spec } from '../../playground/attack/spec.ts'
import { fillTemplate } from '../../playground/attack/template.ts'
import { type Browser, engines, launch, type Visit } from '../browsers/index.ts'
import { type Served, serve } from '../browsers/serve.ts'
import { buildPlayground } from '../browsers/playground/apps.ts'
import { makeDirectory, writeTree } from '../support/files.ts'

const codes = [...'alert("eval")'].map((character) => character.charCodeAt(0)).join(',')

const ATTACKS = [
  { name: 'class1 onclick=alert(2)', query: { class: 'class1 onclick=alert(2)' }, alerts: '[2]' },
  {
    name: 'eval(String.fromCharCode(…)) in a handler',
    query: { class: `class1 onclick=eval(String.fromCharCode(${codes}))` },
    alerts: '[eval]',
  },
  { name: 'a script of a foreign host', query: { widget: 'EVIL/evil.js' }, alerts: '[foreign]' },
]

const ALERTS = 'document.documentElement.dataset.alerts'
const READY = `document.querySelector('output')?.textContent === 'Ready.'`

/** The same page twice, without and with the plugin, and the attacker's host. */
const dirs = {
  unprotected: makeDirectory('attack'),
  protected: makeDirectory('attack'),
  evil: makeDirectory('evil'),
}
let evil: Served
let visitor = new URLSearchParams()
const sites = new Map<'unprotected' | 'protected', Served>()

beforeAll(async () => {
  writeTree(dirs.evil, { 'evil.js': `alert('foreign')` })
  evil = await serve({ dir: dirs.evil })
  for (const site of ['unprotected', 'protected'] as const) {
    await buildPlayground('attack', dirs[site], site === 'protected' ? {} : false)
    const override = (file: string, bytes: Buffer): Buffer | undefined =>
      file === 'index.html' ? Buffer.from(fillTemplate(bytes.toString('utf8'), visitor)) : undefined
    sites.set(site, await serve({ dir: dirs[site], override }))
  }
})

afterEach(() => {
  visitor = new URLSearchParams()
})

afterAll(async () => {
  for (const site of sites.values()) await site.close()
  await evil?.close()
  for (const dir of Object.values(dirs)) rmSync(dir, { recursive: true })
})

describe.each(engines)('%s', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch(engine)
  })
  afterAll(() => browser?.close())

  async function attacked(
    site: 'unprotected' | 'protected',
    page: string,
    query: Readonly<Record<string, string | undefined>>,
  ): Promise<Visit> {
    visitor = new URLSearchParams()
    for (const [name, value] of Object.entries(query)) visitor.set(name, value!.replace('EVIL', evil.origin))
    const visit = await browser.visit(sites.get(site)!.url(`${page}?${visitor}`))
    await visit.waitFor(READY)
    await visit.click('h1')
    return visit
  }

  describe.each([
    { page: 'index.html', by: 'a server' },
    { page: 'dom.html', by: 'a script' },
  ])('filled in by $by', ({ page }) => {
    it.each(ATTACKS)('$name: works without the plugin', async ({ query, alerts }) => {
      const visit = await attacked('unprotected', page, query)
      await visit.waitFor(`${ALERTS} === ${JSON.stringify(alerts)}`)
    })

    it.each(ATTACKS)('$name: is refused with it, and the page works', async ({ query }) => {
      const visit = await attacked('protected', page, query)
      // What is refused is told in the place where it would have run.
      const violations = await visit.violations()
      expect(violations.map(({ directive }) => directive)).toContain(
        'widget' in query ? 'script-src-elem' : 'script-src-attr',
      )
      expect(await visit.evaluate(ALERTS)).toBeNull()
    })
  })

  it.each(spec.pages)('serves honest visitors of $path', async ({ path, steps }) => {
    const visit = await browser.visit(sites.get('protected')!.url(path))
    for (const { expect: expression } of steps) await visit.waitFor(expression)
    expect(await visit.violations()).toEqual([])
  })
})
