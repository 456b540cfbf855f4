import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllHeaders } from '@netlify/headers-parser'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Options } from '../../../src/index.ts'
import { type Browser, engines, launch } from '../index.ts'
import { serve } from '../serve.ts'
import { makeDirectory, readTree } from '../../support/files.ts'
import { buildPlayground, PLAYGROUNDS } from './apps.ts'
import { expectQuiet, walk } from './walk.ts'

const directories: string[] = []

afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true })
})

async function built(
  name: string,
  options: Options | false,
  before?: (pages: Map<string, string>) => void,
): Promise<string> {
  const directory = makeDirectory(name)
  directories.push(directory)
  await buildPlayground(name, directory, options, before)
  return directory
}

/** The headers that the host's own parser reads for every path. */
async function netlifyHeaders(directory: string): Promise<Record<string, string>> {
  const headersFiles = [join(directory, '_headers')]
  const { headers, errors } = await parseAllHeaders({ headersFiles, configHeaders: [], minimal: true })
  expect(errors).toEqual([])
  return Object.fromEntries(
    Object.entries(headers.find((rule) => rule.for === '/*')!.values).map(([name, value]) => [
      name,
      String(value),
    ]),
  )
}

describe.each(engines)('in %s', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch(engine)
  })
  afterAll(() => browser.close())

  describe.each(Object.keys(PLAYGROUNDS))('%s', (name) => {
    it.each(['strict', 'dynamic', 'loader'] as const)(
      '%s in a meta: everything works, nothing is violated',
      async (scripts) => {
        const served = await serve({ dir: await built(name, { scripts }), fallback: 'index.html' })
        for (const page of PLAYGROUNDS[name]!.pages) await expectQuiet(await walk(browser, served, page))
        await served.close()
      },
    )

    it.each(['strict', 'dynamic', 'loader'] as const)(
      '%s in a header, as the host reads it',
      async (scripts) => {
        const dir = await built(name, { scripts, output: 'netlify' })
        const headers = await netlifyHeaders(dir)
        expect(headers['Content-Security-Policy']).toContain("'strict-dynamic'")
        const served = await serve({ dir, fallback: 'index.html', headers: () => headers })
        for (const page of PLAYGROUNDS[name]!.pages) await expectQuiet(await walk(browser, served, page))
        await served.close()
      },
    )
  })
})

describe.each(Object.keys(PLAYGROUNDS))('the files of %s', (name) => {
  it('differ from what Vite emits by insertions alone', async () => {
    const emitted = new Map<string, string>()
    const dir = await built(name, {}, (pages) => {
      for (const [path, html] of pages) emitted.set(path, html)
    })
    expect(emitted.size).toBeGreaterThan(0)
    for (const [path, html] of emitted) {
      const left = readFileSync(join(dir, path), 'utf8')
        .replaceAll(
          /\n[ \t]*<meta http-equiv="Content-Security-Policy" content="[^"]*" data-csp-hashes>/g,
          '',
        )
        .replaceAll(/\n[ \t]*<script type="importmap" data-csp-hashes>[^<]*<\/script>/g, '')
        .replaceAll(/ integrity="sha384-[A-Za-z0-9+/]{64}"/g, '')
      expect(left).toBe(html)
    }
  })

  it('are the same bytes in a second build', async () => {
    const options: Options = { output: ['meta', 'netlify'] }
    expect(readTree(await built(name, options))).toEqual(readTree(await built(name, options)))
  })
})
