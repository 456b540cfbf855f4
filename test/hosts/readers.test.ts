import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rmSync } from 'node:fs'
import { makeDirectory, writeTree } from '../support/files.ts'
import { workersHost } from './cloudflare.ts'
import type { RunningHost } from './host.ts'
import { readAs } from './site.ts'

/** Rules of every kind on which readers could disagree, each with a header of its own. */
const RULES = [
  '/*\n  X-All: 1',
  '  /blog/x/y\n  X-Indented: 1',
  '/About\n  X-Case: 1',
  '/about/\n  X-Slash: 1',
  '/about\n  X-Replaced: 1',
  '/*/x/*\n  X-Two-Wildcards: 1',
  '/blog/*\n  X-Splat: is :splat\n  ! X-All',
  '/:page\n  X-Placeholder: is :page',
  '/:a/:a/:a\n  X-Placeholder-Twice: 1',
  '/café\n  X-Not-Encoded: 1',
  '/about\n  X-Last: 1\n  x-last : 2\n  X-Empty:\n  X-Last: 3,4',
  'https://site.example/about\n  X-Other-Host: 1',
  `/a*\n  X-Longest: ${'a'.repeat(2000 - 'X-Longest: '.length)}\n  X-Too-Long: ${'a'.repeat(2000)}`,
  '/ab*ut\n  X-Inside: 1',
]
const FULL = Array.from({ length: 101 }, (_, index) => `/r${index}\n  X: 1`)

describe.each([
  ['rules of every kind', RULES],
  ['the last rule that counts', [...FULL.slice(1), '/*\n  X-Counts: 1']],
  ['the first rule that does not count', [...FULL, '/*\n  X-Counts: 1']],
])('the reader and Cloudflare agree on %s', (_, rules) => {
  const directory = makeDirectory('readers')
  const site = join(directory, 'dist')
  const text = `${rules.join('\n')}\n`
  let running: RunningHost

  beforeAll(async () => {
    const html = '<!doctype html><title>-</title>'
    writeTree(site, {
      _headers: text,
      ...Object.fromEntries(['index', 'about', 'café', 'blog/x/y'].map((name) => [`${name}.html`, html])),
    })
    running = await workersHost.start({ site, project: directory })
  })
  afterAll(async () => {
    await running?.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  it.each(['/', '/about', '/caf%C3%A9', '/blog/x/y'])('for %s', async (path) => {
    const [answer] = await running.get(path)
    const written = { siteFile: () => text, projectFile: () => undefined }
    const read = readAs(workersHost, { written }, { path, file: undefined })
    const own = (headers: ReadonlyMap<string, string>): [string, string][] =>
      [...headers].filter(([name]) => name.startsWith('x-')).toSorted()
    expect(own(read)).toEqual(own(answer!.headers))
  })
})
