import { join } from 'node:path'
import html from '@rollup/plugin-html'
import { type Plugin, rollup } from 'rollup'
import { describe, expect, it } from 'vitest'
import { cspHashes } from '../../src/index.ts'
import { verifySite } from '../../src/verify/index.ts'
import { readTree, temporaryDirectory, writeTree } from '../support/files.ts'

const FILES = {
  'main.js': `import { shared } from './shared.js'\nimport('./lazy.js').then(({ lazy }) => console.log(lazy))\nconsole.log(shared)\n`,
  'other.js': `import { shared } from './shared.js'\nconsole.log(shared)\n`,
  'shared.js': `export const shared = 'shared'\n`,
  'lazy.js': `export const lazy = 'lazy'\n`,
}

// Vite's plugins are Rollup's, with hooks that Rollup does not call.
const protect = () => cspHashes() as unknown as Plugin
// The types of the package are those of its CommonJS half.
const pluginHtml = html as unknown as (options: { publicPath: string }) => Plugin

/** A page with a script for each entry, as small plugins make it. */
const tenLines: Plugin = {
  name: 'page',
  generateBundle(_, bundle) {
    const entries = Object.values(bundle).flatMap((file) =>
      file.type === 'chunk' && file.isEntry ? [file.fileName] : [],
    )
    const tags = entries.map((file) => `<script type="module" src="/${file}"></script>`)
    this.emitFile({
      type: 'asset',
      fileName: 'index.html',
      source: `<!doctype html><script>start = 1</script>${tags.join('')}`,
    })
  },
}

describe('a plain Rollup build', () => {
  it.each([
    ['ten lines', tenLines],
    ['@rollup/plugin-html', pluginHtml({ publicPath: '/' })],
  ])('with a page made by %s', async (_, page) => {
    const root = temporaryDirectory('rollup')
    writeTree(root, FILES)
    const bundle = await rollup({
      input: [join(root, 'main.js'), join(root, 'other.js')],
      plugins: [page, protect()],
    })
    await bundle.write({
      dir: join(root, 'dist'),
      chunkFileNames: 'chunks/[name]-[hash].js',
      entryFileNames: 'js/[name]-[hash].js',
    })
    await bundle.close()
    const files = readTree(join(root, 'dist'))
    const { refusals, pages } = verifySite({
      base: '/',
      pages: () => ['index.html'],
      read: (path) => files[path],
    })
    expect(refusals.map(({ code, subject }) => `${code} ${subject}`)).toEqual([])
    expect(pages[0]!.modules).toHaveLength(4)
    for (const { file, pin } of pages[0]!.modules) expect(pin, file).not.toBe('none')
  })

  it('fails when a script of the page is missing', async () => {
    const root = temporaryDirectory('rollup')
    writeTree(root, FILES)
    const page: Plugin = {
      name: 'page',
      generateBundle() {
        this.emitFile({
          type: 'asset',
          fileName: 'index.html',
          source: '<!doctype html><script src="/gone.js"></script>',
        })
      },
    }
    const bundle = await rollup({ input: join(root, 'main.js'), plugins: [page, protect()] })
    await expect(bundle.write({ dir: join(root, 'dist') })).rejects.toThrow('[file-missing]')
    await bundle.close()
  })
})
