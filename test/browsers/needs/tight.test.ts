import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, engines, launch } from '../index.ts'
import { type Served, serve } from '../serve.ts'
import { makeDirectory, writeTree } from '../../support/files.ts'
import { buildApp, policyOf } from './apps.ts'

interface App {
  readonly name: string
  /** What `data-done` of the body becomes. */
  readonly done: string
  /** The directives beyond scripts, as `tight` must open them: these and no more. */
  readonly opened: Readonly<Record<string, readonly string[]>>
  readonly inlineLimit?: number
}

/** To load its players, a browser may take as long as to start. */
const PATIENCE = 30_000

const ICON = ["'self'"]

const APPS: readonly App[] = [
  {
    name: 'inlined',
    done: '1',
    opened: {
      'style-src': ["'self'"],
      'img-src': ['data:', "'self'"],
      'font-src': ['data:'],
      'connect-src': ["'self'"],
    },
  },
  {
    name: 'blob-worker',
    done: '42',
    opened: { 'worker-src': ['blob:'], 'img-src': ICON, 'connect-src': ["'self'"] },
  },
  { name: 'wasm', done: '42', opened: { 'img-src': ICON, 'connect-src': ["'self'"] }, inlineLimit: 0 },
  { name: 'wasm-inlined', done: '42', opened: { 'img-src': ICON, 'connect-src': ["'self'", 'data:'] } },
  {
    name: 'remote-import',
    done: 'rgb(0, 128, 0)',
    opened: { 'style-src': ["'self'", 'OTHER'], 'img-src': ICON, 'connect-src': ["'self'"] },
  },
  {
    name: 'video',
    done: 'settled',
    opened: { 'media-src': ["'self'"], 'img-src': ICON, 'connect-src': ["'self'"] },
  },
  {
    name: 'manifest',
    done: 'started',
    opened: { 'manifest-src': ["'self'"], 'img-src': ["'self'"], 'connect-src': ["'self'"] },
  },
  {
    name: 'frame',
    done: 'framed',
    opened: { 'frame-src': ["'self'"], 'img-src': ICON, 'connect-src': ["'self'"] },
  },
]

const CLOSED = {
  'default-src': ["'none'"],
  'form-action': ["'none'"],
  'object-src': ["'none'"],
  'base-uri': ["'none'"],
}

const work = makeDirectory('tight')
const served = new Map<string, Served>()
let other: Served

beforeAll(async () => {
  writeTree(join(work, 'other'), { 'theme.css': 'p { color: rgb(0, 128, 0) }\n' })
  other = await serve({ dir: join(work, 'other'), cors: true })
  for (const { name, inlineLimit } of APPS) {
    const { dir } = await buildApp(name, work, { preset: 'tight' }, other.origin, inlineLimit)
    served.set(name, await serve({ dir }))
  }
})

afterAll(async () => {
  for (const one of [...served.values(), other]) await one.close()
  rmSync(work, { recursive: true, force: true })
})

describe.each(APPS)('tight: $name', ({ name, opened }) => {
  it('opens what the app needs and nothing else', () => {
    const policy = policyOf(readFileSync(join(work, name, 'dist/index.html'), 'utf8'))
    const scripts = policy.get('script-src') ?? []
    const rest = [...policy].filter(([directive]) => !directive.startsWith('script-src'))
    const expected = Object.entries({ ...CLOSED, 'worker-src': ["'none'"], ...opened })
    expect(Object.fromEntries(rest.map(([directive, sources]) => [directive, sources.toSorted()]))).toEqual(
      Object.fromEntries(
        expected.map(([directive, sources]) => [
          directive,
          sources.map((source) => source.replace('OTHER', other.origin)).toSorted(),
        ]),
      ),
    )
    expect(scripts.includes("'wasm-unsafe-eval'")).toBe(name.startsWith('wasm'))
    expect(scripts).not.toContain("'unsafe-eval'")
  })
})

describe.each(engines)('%s', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch(engine)
  })
  afterAll(() => browser.close())

  it.each(APPS)('runs $name under tight without a violation', async ({ name, done }) => {
    const site = served.get(name)
    const visit = await browser.visit(site?.url('/') ?? '')
    await visit.waitFor(`document.body.dataset.done === ${JSON.stringify(done)}`, PATIENCE)
    expect(await visit.violations()).toEqual([])
  })
})
