import { rmSync } from 'node:fs'
import { preview, type PreviewServer } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cspHashes } from '../../../src/index.ts'
import { makeDirectory } from '../../support/files.ts'
import { type Browser, engines, launch } from '../index.ts'
import { buildPlayground, PLAYGROUNDS } from '../playground/apps.ts'
import { expectQuiet, walk } from '../playground/walk.ts'

const NAME = 'vanilla-mpa'
const dir = makeDirectory('origins-preview')
let server: PreviewServer
let addresses: string[]

beforeAll(async () => {
  await buildPlayground(NAME, dir, { output: ['meta', 'netlify'] })
  server = await preview({
    root: dir,
    configFile: false,
    logLevel: 'silent',
    build: { outDir: dir },
    plugins: [cspHashes({ output: ['meta', 'netlify'] })],
    preview: { host: true, port: 0 },
  })
  const { local, network } = server.resolvedUrls!
  addresses = [...local, ...network, local[0]!.replace('localhost', '127.0.0.1')]
})
afterAll(async () => {
  await server?.close()
  rmSync(dir, { recursive: true, force: true })
})

describe.each(engines)('in %s', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch(engine)
  })
  afterAll(() => browser.close())

  it('runs at every address that vite preview --host prints', async () => {
    expect(addresses.length).toBeGreaterThan(1)
    for (const address of addresses) {
      const site = { url: (path: string) => address.replace(/\/$/, path) }
      await expectQuiet(await walk(browser, site, PLAYGROUNDS[NAME]!.pages[0]!))
    }
  })
})
