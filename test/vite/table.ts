import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifySite } from '../../src/verify/index.ts'
import { type Browser, engines, launch } from '../browsers/index.ts'
import { type Served, serve } from '../browsers/serve.ts'
import { makeDirectory, readTree } from '../support/files.ts'
import { MARKS } from './app.ts'
import { type Built, buildFixture } from './build.ts'
import { type Fixture, FIXTURES, type Shape, SHAPES } from './fixtures.ts'
import { type HubVisit, openAll, serveHub } from './hub.ts'
import { type Major, TOOLCHAINS } from './majors.ts'

interface Case {
  readonly name: string
  readonly shape: Shape
  readonly fixture: Fixture
  readonly root: string
}

/** Workers have no integrity, and the bundle for old browsers is pinned for SystemJS, which the oracle does not know. */
const isPinnable = (path: string): boolean => /\.(?:js|css)$/.test(path) && !/worker|-legacy-/.test(path)

const pagesOf = (fixture: Fixture) => Object.entries(fixture.pages ?? MARKS)

/** Every fixture under every shape, built by one major, read back by the oracle and opened in every engine. */
export function table(major: Major): void {
  const toolchain = TOOLCHAINS.find((one) => one.major === major)!
  const directory = makeDirectory(`vite-${major}`)
  const fixtures = FIXTURES.filter(({ majors }) => majors?.includes(major) ?? true)
  const cases: Case[] = SHAPES.flatMap((shape) =>
    fixtures.map((fixture, index) => ({
      name: `${fixture.name}, ${shape}`,
      shape,
      fixture,
      root: join(directory, `${shape}-${index}`),
    })),
  )
  const built = new Map<Case, Built | Error>()
  const servers = new Map<Case, Served>()
  let hub: Served
  let cdn: Served

  const build = (one: Case): Built => {
    const result = built.get(one)
    if (!result || result instanceof Error) throw result ?? new Error('not built')
    return result
  }

  beforeAll(async () => {
    hub = await serveHub(directory)
    cdn = await serve({ dir: directory, cors: true })
    for (const one of cases) {
      mkdirSync(one.root)
      const { fixture, root, shape } = one
      const foreign = cdn.url(`${root.slice(directory.length + 1)}/dist/`)
      const result = await buildFixture({
        toolchain,
        fixture,
        root,
        cdn: foreign,
        options: { scripts: shape },
      }).catch((error: Error) => error)
      built.set(one, result)
      servers.set(
        one,
        await serve({ dir: join(root, 'dist'), ...(fixture.mount ? { base: fixture.mount } : {}) }),
      )
    }
  })
  afterAll(async () => {
    await Promise.all([hub, cdn, ...servers.values()].map((server) => server.close()))
    rmSync(directory, { recursive: true, force: true })
  })

  const refusalsOf = (one: Case, files: Record<string, Buffer>) => {
    const own = cdn.url(`${one.root.slice(directory.length + 1)}/dist/`)
    return verifySite({
      base: build(one).base,
      pages: () => Object.keys(files).filter((path) => path.endsWith('.html')),
      read: (path) => files[path],
      foreign: (url) => (url.startsWith(own) ? files[url.slice(own.length)] : undefined),
    }).refusals
  }

  it.each(cases)('$name: nothing is refused or unpinned', (one) => {
    const { dist, told } = build(one)
    const refusals = refusalsOf(one, readTree(dist))
    const { exceptions = [], tells = {} } = one.fixture
    expect(
      refusals
        .filter(({ code }) => !exceptions.includes(code))
        .map(({ code, location, subject }) => `${code} ${location.file} ${subject}`),
    ).toEqual([])
    expect(told).toEqual(tells[one.shape] ?? [])
  })

  it.each(cases)('$name: one byte more is refused, in any file that a page names', (one) => {
    const files = readTree(build(one).dist)
    const pages = Object.keys(files).filter((path) => path.endsWith('.html'))
    // Where the oracle cannot follow the list of lazy styles to its files, the browsers do (tamper.test.ts).
    const blind = one.fixture.exceptions?.includes('file-missing') ?? false
    const named = Object.keys(files).filter(
      (path) =>
        isPinnable(path) &&
        !(blind && path.includes('lazy') && path.endsWith('.css')) &&
        pages.some((page) => files[page]!.includes(path.split('/').at(-1)!)),
    )
    for (const path of named) {
      const codes = refusalsOf(one, {
        ...files,
        [path]: Buffer.concat([files[path]!, Buffer.from('\n')]),
      }).map(({ code }) => code)
      expect([path, codes.includes('integrity-mismatch')]).toEqual([path, true])
    }
  })

  describe.each(engines)('in %s', (engine) => {
    let browser: Browser
    const visits = new Map<string, HubVisit>()
    const frames = (shape: string) =>
      cases
        .filter((one) => one.shape === shape)
        .flatMap((one) =>
          pagesOf(one.fixture).map(([path, marks]) => ({
            one,
            path,
            marks,
            url: servers.get(one)!.url(path),
          })),
        )

    beforeAll(async () => {
      browser = await launch(engine)
      for (const shape of SHAPES)
        visits.set(
          shape,
          await openAll(
            browser,
            hub,
            frames(shape).map(({ url, marks }) => ({ url, awaited: marks })),
          ),
        )
    })
    afterAll(() => browser?.close())

    it.each(cases)('$name: runs, once, without violations', (one) => {
      const list = frames(one.shape)
      const { told } = visits.get(one.shape)!
      for (const [index, { path, marks, one: framed }] of list.entries()) {
        if (framed !== one) continue
        expect(told[index]!.refused, path).toEqual([])
        expect([...told[index]!.marks].toSorted(), path).toEqual([...marks].toSorted())
      }
    })

    it.each(SHAPES)('no violation in all of them, %s', (shape) => {
      expect(visits.get(shape)!.violations).toEqual([])
    })
  })
}
