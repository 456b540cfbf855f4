import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, engines, launch } from '../index.ts'
import { serve, type Served } from '../serve.ts'
import { buildApp } from '../needs/apps.ts'
import { makeDirectory } from '../../support/files.ts'

const SHAPES = ['strict', 'dynamic', 'loader'] as const

const work = makeDirectory('trusted-types')
const served = new Map<string, Served>()

beforeAll(async () => {
  for (const scripts of SHAPES) {
    const { dir } = await buildApp('lazy', join(work, scripts), {
      scripts,
      preset: 'tight',
      trustedTypes: true,
    })
    served.set(scripts, await serve({ dir }))
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

  it.each(SHAPES)('%s: lazy scripts and styles are loaded, with no violation', async (scripts) => {
    const visit = await browser.visit(served.get(scripts)!.url('/'))
    await visit.waitFor(`document.body.dataset.done === 'shared rgb(0, 128, 0)'`)
    expect(await visit.violations()).toEqual([])
  })

  it.each(SHAPES)('%s: a sink is closed where the engine knows Trusted Types', async (scripts) => {
    const visit = await browser.visit(served.get(scripts)!.url('/?sink'))
    await visit.waitFor('document.body.dataset.sink')
    const known = await visit.evaluate<boolean>(`'trustedTypes' in window`)
    expect(await visit.evaluate('document.body.dataset.sink')).toBe(known ? 'closed' : 'open')
  })
})
