import { join } from 'node:path'
import { build, type Plugin } from 'vite'
import { describe, expect, it } from 'vitest'
import { secureDirectory } from '../../src/directory.ts'
import { cspHashes, type Options } from '../../src/index.ts'
import { PRELOAD_HELPER, transformPreloadHelper } from '../../src/plugin/preload-helper.ts'
import { readTree, temporaryDirectory } from '../support/files.ts'

const PLAYGROUND = join(import.meta.dirname, '../../playground/vanilla-mpa')

/** Only what a finished directory can no longer get: without it the chunks themselves would differ. */
const helper: Plugin = {
  name: 'preload-helper',
  apply: 'build',
  transform: {
    order: 'post',
    handler: (code, id) => (PRELOAD_HELPER.test(id) ? transformPreloadHelper(code) : undefined),
  },
}

async function built(plugin: Plugin, base: string): Promise<string> {
  const outDir = temporaryDirectory('same')
  await build({
    root: PLAYGROUND,
    base,
    configFile: false,
    logLevel: 'error',
    build: {
      outDir,
      emptyOutDir: true,
      rolldownOptions: {
        input: ['index.html', 'gallery.html', 'about/index.html', 'colophon.html'].map((page) =>
          join(PLAYGROUND, page),
        ),
      },
    },
    plugins: [plugin],
  })
  return outDir
}

const SHAPES: readonly (readonly [string, string, Options])[] = [
  ['strict', '/', {}],
  ['strict under a nested base', '/a/b/', {}],
  ['strict with a relative base', './', { algorithm: 'sha256' }],
  ['dynamic', '/', { scripts: 'dynamic' }],
]

describe('a site through the plugin and as a directory', () => {
  it.each(SHAPES)('comes out the same to the byte: %s', async (_, base, options) => {
    const byPlugin = await built(cspHashes(options), base)
    const byDirectory = await built(helper, base)
    const result = await secureDirectory(byDirectory, options)
    expect(result.findings.filter(({ severity }) => severity === 'error')).toEqual([])
    const [left, right] = [readTree(byDirectory), readTree(byPlugin)]
    expect(Object.keys(left)).toEqual(Object.keys(right))
    for (const path of Object.keys(right)) expect(left[path]?.toString(), path).toBe(right[path]?.toString())
  })
})
