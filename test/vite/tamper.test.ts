import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, engines, launch } from '../browsers/index.ts'
import { type Served, serve } from '../browsers/serve.ts'
import { makeDirectory, readTree } from '../support/files.ts'
import { APP } from './app.ts'
import { buildFixture } from './build.ts'
import { type Fixture, FIXTURES, SHAPES, type Shape } from './fixtures.ts'
import { openAll, serveHub, type Told } from './hub.ts'
import { TOOLCHAINS } from './majors.ts'

const MARK = 'tampered'
const COLOR = 'rgb(9, 9, 9)'
const SECOND = `mark('second')`

/** Each is of a kind of its own; what Vite makes of the other fixtures has the same parts. */
const NAMES = [
  'pages that share chunks',
  'base ./',
  'base of a CDN',
  'modulePreload: false',
  'chunkImportMap',
  'legacy, the modern bundle',
  'legacy alone',
  'public scripts, styles and pages',
]

/** With a second inline script: when the first one is refused, nobody is left to tell. */
function withSecond(fixture: Fixture): Fixture {
  const html = fixture.files?.['index.html'] ?? APP['index.html']!
  const files = {
    ...fixture.files,
    'index.html': html.replace('</body>', `<script>${SECOND}</script></body>`),
  }
  return { ...fixture, files }
}

const TAMPERED = FIXTURES.filter(({ name }) => NAMES.includes(name)).map(withSecond)

/** The name of a file without the hash of its content. */
const stem = (path: string) => path.replace(/-[\w-]{8}(\.\w+)$/, '$1')

/** Import maps do not reach into workers, and today's browsers do not load the bundle for old ones. */
function isLoaded(path: string, fixture: Fixture): boolean {
  if (!/^index\.html$|\.(?:js|css)$/.test(path) || /worker|page-|data-module/.test(path)) return false
  return fixture.name !== 'legacy, the modern bundle' || !path.includes('-legacy-')
}

function tamper(path: string, bytes: Buffer): Buffer {
  if (path.endsWith('.html')) return Buffer.from(bytes.toString().replace(SECOND, `mark('${MARK}')`))
  if (path.endsWith('.css')) return Buffer.concat([bytes, Buffer.from(`\np { color: ${COLOR} !important }`)])
  return Buffer.concat([bytes, Buffer.from(`\n;window.mark('${MARK}')`)])
}

const effectOn = (path: string) => (path.endsWith('.css') ? COLOR : MARK)
const shows = ({ marks, colors }: Told, path: string) => [...marks, ...colors].includes(effectOn(path))

interface Case {
  readonly fixture: string
  readonly shape: Shape | 'none'
  /** The stem of the file that is changed. */
  readonly path: string
  readonly served: Served
}

async function changed(dir: string, path: string, base = '/'): Promise<Served> {
  const override = (file: string, bytes: Buffer) => (stem(file) === path ? tamper(file, bytes) : undefined)
  return serve({ dir, override, cors: true, base })
}

const name = ({ fixture, path }: Case) => `${fixture}: ${path}`

describe('a file that is changed after the build', () => {
  const directory = makeDirectory('tamper')
  const toolchain = TOOLCHAINS.at(-1)!
  const cases: Case[] = []
  let hub: Served

  async function build(fixture: Fixture, shape: Case['shape'], root: string, cdn = ''): Promise<string[]> {
    const { dist } = await buildFixture({
      toolchain,
      fixture,
      root,
      cdn,
      options: shape === 'none' ? undefined : { scripts: shape },
    })
    return Object.keys(readTree(dist))
      .filter((path) => isLoaded(path, fixture))
      .map(stem)
  }

  beforeAll(async () => {
    hub = await serveHub(directory)
    for (const [index, fixture] of TAMPERED.entries()) {
      for (const shape of [...SHAPES, 'none'] as const) {
        const root = join(directory, `${shape}-${index}`)
        for (const path of new Set(await build(fixture, shape, root, 'https://cdn.example/'))) {
          // A page on another origin names that origin, so each server has a build of its own.
          const own = fixture.name === 'base of a CDN' ? join(root, String(cases.length)) : root
          const served = await changed(join(own, 'dist'), path, fixture.mount)
          if (own !== root) await build(fixture, shape, own, served.url(''))
          cases.push({ fixture: fixture.name, shape, path, served })
        }
      }
    }
  })
  afterAll(async () => {
    await Promise.all([hub, ...cases.map(({ served }) => served)].map((server) => server.close()))
    rmSync(directory, { recursive: true, force: true })
  })

  describe.each(engines)('%s', (engine) => {
    let browser: Browser
    beforeAll(async () => void (browser = await launch(engine)))
    afterAll(() => browser?.close())

    it.each(SHAPES)('does not run and does not apply, %s', async (shape) => {
      const own = cases.filter((one) => one.shape === shape)
      const control = cases.filter((one) => one.shape === 'none')
      for (const { served } of [...own, ...control]) served.requests.length = 0
      const { told } = await openAll(
        browser,
        hub,
        [...own, ...control].map((one) => ({
          url: one.served.url('index.html'),
          awaited: one.shape === 'none' ? [effectOn(one.path)] : ['inline'],
        })),
        60_000,
      )
      const [protectedPages, bare] = [told.slice(0, own.length), told.slice(own.length)]
      expect(new Set(own.map(name))).toEqual(new Set(control.map(name)))
      expect(
        control.filter((one, index) => !shows(bare[index]!, one.path)).map(name),
        'without the plugin',
      ).toEqual([])
      expect(own.filter((one, index) => shows(protectedPages[index]!, one.path)).map(name)).toEqual([])
      const unasked = own.filter(
        ({ path, served }) => !served.requests.some((url) => stem(url).endsWith(`/${path}`)),
      )
      expect(unasked.map(name), 'never asked for').toEqual([])
    })
  })
})
