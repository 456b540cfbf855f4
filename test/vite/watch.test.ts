import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin, Rollup } from 'vite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { verifySite } from '../../src/verify/index.ts'
import { readTree, temporaryDirectory } from '../support/files.ts'
import { collectingLogger } from '../support/logger.ts'
import { type Files, MARKS } from './app.ts'
import { codesIn, configOf } from './build.ts'
import { TOOLCHAINS } from './majors.ts'
import { PUBLIC_FILES } from './public-files.ts'

type Round = 'built' | 'failed'

/** Rounds of a watcher, each taken once, in order. */
function rounds(watcher: Rollup.RollupWatcher): () => Promise<Round> {
  const done: Round[] = []
  const waiting: ((round: Round) => void)[] = []
  let failed = false
  watcher.on('event', (event) => {
    if (event.code === 'BUNDLE_END' || event.code === 'ERROR') void event.result?.close()
    if (event.code === 'START') failed = false
    if (event.code === 'ERROR') failed = true
    if (event.code !== 'END') return
    const round = failed ? 'failed' : 'built'
    const next = waiting.shift()
    if (next) next(round)
    else done.push(round)
  })
  return () => {
    const round = done.shift()
    return round ? Promise.resolve(round) : new Promise((next) => waiting.push(next))
  }
}

describe.each(TOOLCHAINS.map((toolchain) => [toolchain.major, toolchain] as const))(
  'vite build --watch, Vite %i',
  (_, toolchain) => {
    async function watch(
      after: Plugin[] = [],
      more: Files = {},
      pages: readonly string[] = Object.keys(MARKS),
    ) {
      const root = temporaryDirectory('watch')
      const fixture = { name: '', after: () => after, files: more }
      const { logger, lines } = collectingLogger()
      const config = configOf({ toolchain, fixture, root, cdn: '', options: {} })
      const build = { ...config.build, emptyOutDir: true, watch: { buildDelay: 20 } }
      const watcher = (await toolchain.vite.build({
        ...config,
        build,
        customLogger: logger,
      })) as Rollup.RollupWatcher
      onTestFinished(() => watcher.close())
      const files = () => readTree(join(root, 'dist'))
      const refused = () => {
        const tree = files()
        return verifySite({
          base: '/',
          pages: () => pages,
          read: (path) => tree[path],
        }).refusals.map(({ code, subject }) => `${code} ${subject}`)
      }
      const change = (path: string, text: string) => writeFileSync(join(root, path), text)
      return { next: rounds(watcher), files, refused, change, told: () => lines.flatMap(codesIn) }
    }

    it('gives fresh hashes after a change, and lives on after an error', async () => {
      const { next, files, refused, change } = await watch()
      expect(await next()).toBe('built')
      expect(refused()).toEqual([])
      const before = files()['index.html']!.toString()

      change('src/alone.js', `export const name = 'changed'\n`)
      expect(await next()).toBe('built')
      const after = files()['index.html']!.toString()
      expect(after).not.toBe(before)
      expect(refused()).toEqual([])

      change(
        'index.html',
        `<!doctype html><script src="/gone.js"></script><script type="module" src="/src/main.js"></script>`,
      )
      expect(await next()).toBe('failed')

      change(
        'index.html',
        `<!doctype html><script>second = 1</script><script type="module" src="/src/main.js"></script>`,
      )
      expect(await next()).toBe('built')
      expect(files()['index.html']!.includes('second = 1')).toBe(true)
      expect(refused()).toEqual([])
    })

    it('pins a file anew whose pages are as before', async () => {
      const pages = ['index.html', 'nested/page.html', 'public-page.html']
      const { next, files, refused, change } = await watch([], PUBLIC_FILES, pages)
      expect(await next()).toBe('built')
      const before = files()['public-page.html']!.toString()

      // What lies in the public directory is not watched.
      change('public/modules/part.js', `export const name = 'changed'\n`)
      change('src/page.js', `mark('changed')\n`)
      expect(await next()).toBe('built')
      expect(files()['public-page.html']!.toString()).not.toBe(before)
      expect(refused()).toEqual([])
    })

    it('tells of a page that is changed when the build is over, and lives on', async () => {
      let changes = true
      let directory = ''
      const late: Plugin = {
        name: 'late',
        enforce: 'post',
        configResolved: ({ root }) => void (directory = root),
        closeBundle: {
          sequential: true,
          handler() {
            if (changes) writeFileSync(join(directory, 'dist/index.html'), 'changed')
          },
        },
      }
      const { next, refused, change, told } = await watch([late])
      expect(await next()).toBe('built')
      await expect.poll(told).toEqual(['page-changed'])
      changes = false
      change('src/alone.js', `export const name = 'changed'\n`)
      expect(await next()).toBe('built')
      expect(refused()).toEqual([])
    })
  },
)
