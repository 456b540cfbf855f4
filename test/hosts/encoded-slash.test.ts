import { describe, expect, it } from 'vitest'
import { resolveOptions } from '../../src/options.ts'
import { secureSite } from '../../src/pipeline.ts'
import { makeDirectory, writeTree } from '../support/files.ts'
import { memorySite } from '../support/memory-site.ts'
import { caddyHost } from './caddy.ts'
import { nginxHost } from './nginx.ts'

const FILES = {
  'index.html': '<!doctype html><head><meta charset="utf-8"></head><script src="/assets/a.js"></script>\n',
  '404.html': '<!doctype html><p>not here\n',
  'assets/a.js': 'document.title = "app"\n',
  'up/x.js': 'document.title = "uploaded"\n',
}

/** Paths in the directory that the policy allows, by which a server that decodes slashes leaves it. */
const ESCAPES = [
  '/assets/..%2fup/x.js',
  '/assets/..%2Fup/x.js',
  '/assets/%2e%2e%2fup/x.js',
  '/assets/a%2f..%2f..%2fup/x.js?v=1',
]

describe.each([nginxHost, caddyHost])('$name', ({ output, start }) => {
  it.each(['union', 'per-page'] as const)(
    'answers no path that leaves a directory by an encoded slash: %s',
    async (layout) => {
      const { files } = secureSite(memorySite(FILES), resolveOptions({ output, layout }))
      const snippets = Object.fromEntries(files.map(({ path, content }) => [path, content]))
      const answers = async (site: Readonly<Record<string, string>>, path: string): Promise<string[]> => {
        const directories = { site: makeDirectory('slash'), project: makeDirectory('slash') }
        writeTree(directories.site, site)
        const host = await start(directories)
        try {
          return (await host.get(path)).map(({ status, headers }) =>
            status === 200 ? (headers.get('content-type') ?? '') : 'refused',
          )
        } finally {
          await host.stop()
        }
      }
      const script = [expect.stringMatching(/javascript/)]
      // Without the rule the upload is sent, which is what it is for.
      expect(await answers(FILES, ESCAPES[0]!)).toEqual(script)
      for (const path of ESCAPES) expect(await answers({ ...FILES, ...snippets }, path)).toEqual(['refused'])
      for (const path of ['/assets/a.js', '/assets/a.js?from=%2fup', '/up/x.js'])
        expect(await answers({ ...FILES, ...snippets }, path)).toEqual(script)
    },
  )
})
