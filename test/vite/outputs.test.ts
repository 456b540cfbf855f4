import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import type { Plugin, Rollup, UserConfig } from 'vite'
import { compression } from 'vite-plugin-compression2'
import { describe, expect, it } from 'vitest'
import { cspHashes } from '../../src/index.ts'
import { verifySite } from '../../src/verify/index.ts'
import { readTree, temporaryDirectory } from '../support/files.ts'
import { collectingLogger } from '../support/logger.ts'
import { codesIn, configOf } from './build.ts'
import { type Fixture, WITHOUT_WORKER } from './fixtures.ts'
import { TOOLCHAINS } from './majors.ts'

type Tree = Readonly<Record<string, Buffer>>

const sri = (bytes: Uint8Array | string) => `sha384-${createHash('sha384').update(bytes).digest('base64')}`
const isPage = (path: string) => path.endsWith('.html')

function refusals(files: Tree): string[] {
  const site = {
    base: '/',
    pages: () => Object.keys(files).filter(isPage),
    read: (path: string) => files[path],
  }
  return verifySite(site).refusals.map(({ code, location, subject }) => `${code} ${location.file} ${subject}`)
}

const compressedAlone = () => [
  compression({
    threshold: 0,
    skipIfLargerOrEqual: false,
    deleteOriginalAssets: true,
    logLevel: 'silent',
  }) as Plugin,
]

const outputs = (root: string) =>
  ['one', 'two'].map((dir) => ({
    dir: join(root, 'dist', dir),
    chunkFileNames: `assets/${dir}-[hash].js`,
  }))

const pagesAreProtected = (files: Tree) => {
  const pages = Object.keys(files).filter(isPage)
  expect(pages.length).toBeGreaterThan(0)
  for (const page of pages) expect(files[page]!.includes('strict-dynamic'), page).toBe(true)
  expect(refusals(files)).toEqual([])
}

describe.each(TOOLCHAINS.map((toolchain) => [toolchain.major, toolchain] as const))(
  'Vite %i',
  (major, toolchain) => {
    const { vite } = toolchain

    /** The configuration of a project in a folder of its own, with the plugin unless `options` is undefined. */
    function project(fixture: Partial<Fixture>, protect = true) {
      const root = temporaryDirectory('outputs')
      const { logger, warnings } = collectingLogger()
      const config = configOf({
        toolchain,
        fixture: { name: '', ...fixture },
        root,
        cdn: '',
        options: protect ? {} : undefined,
      })
      return { root, config: { ...config, customLogger: logger }, told: () => warnings.flatMap(codesIn) }
    }

    async function built(fixture: Partial<Fixture>, protect = true): Promise<Tree> {
      const { root, config } = project(fixture, protect)
      await vite.build(config)
      return readTree(join(root, 'dist'))
    }

    const failure = (fixture: Partial<Fixture>) =>
      built(fixture).then(
        () => 'no error',
        (error: Error) => error.message,
      )

    it.each([true, 'assets.json'])('pins every file in the manifest (%s)', async (manifest) => {
      const files = await built({ config: () => ({ build: { manifest } }) })
      const path = typeof manifest === 'string' ? manifest : '.vite/manifest.json'
      const entries = JSON.parse(files[path]!.toString()) as Record<
        string,
        { file: string; integrity: string; css?: string[]; cssIntegrity?: string[] }
      >
      for (const { file, integrity } of Object.values(entries))
        expect(integrity, file).toBe(sri(files[file]!))
      const { css, cssIntegrity } = entries['index.html']!
      expect(css).toHaveLength(1)
      expect(cssIntegrity).toEqual(css!.map((file) => sri(files[file]!)))
      // Laravel looks for the entry whose file is the stylesheet.
      expect(Object.values(entries).find(({ file }) => file === css![0])!.integrity).toBe(cssIntegrity![0])
      pagesAreProtected(files)
    })

    it('pins the manifest of a build without pages', async () => {
      const files = await built({
        config: ({ root }) => ({
          build: { manifest: true, rollupOptions: { input: join(root, 'src/main.js') } },
        }),
        pages: {},
      })
      const entries = Object.values(
        JSON.parse(files['.vite/manifest.json']!.toString()) as Record<
          string,
          { file: string; integrity: string }
        >,
      )
      expect(entries.length).toBeGreaterThan(2)
      for (const { file, integrity } of entries) expect(integrity, file).toBe(sri(files[file]!))
    })

    it('leaves no stale compressed copies', async () => {
      const files = await built({
        config: () => ({ build: { manifest: true } }),
        before: () => [
          compression({ threshold: 0, skipIfLargerOrEqual: false, logLevel: 'silent' }) as Plugin,
        ],
      })
      for (const path of ['index.html', 'nested/page.html', '.vite/manifest.json']) {
        expect(gunzipSync(files[`${path}.gz`]!).toString(), path).toBe(files[path]!.toString())
        expect(brotliDecompressSync(files[`${path}.br`]!).toString(), path).toBe(files[path]!.toString())
      }
      pagesAreProtected(files)
    })

    it('tells when the page itself is gone, and only its compressed copy is left', async () => {
      expect(await failure({ before: compressedAlone })).toContain('[compressed-stale]')
    })

    it('write: false', async () => {
      const { config, root } = project({
        files: { 'public/public.html': '<!doctype html><script>mark(1)</script>' },
      })
      const result = (await vite.build({
        ...config,
        build: { ...config.build, write: false },
      })) as Rollup.RollupOutput
      const files = Object.fromEntries(
        result.output.map((file) => [
          file.fileName,
          Buffer.from(file.type === 'chunk' ? file.code : file.source),
        ]),
      )
      expect(Object.keys(files).filter(isPage).toSorted()).toEqual([
        'index.html',
        'nested/page.html',
        'public.html',
      ])
      pagesAreProtected(files)
      expect(readTree(join(root, 'dist'))).toEqual({})
    })

    it('several outputs', async () => {
      // A worker is written to one of them alone.
      const files = await built({
        ...WITHOUT_WORKER,
        config: ({ root }) => ({ build: { rollupOptions: { output: outputs(root) } } }),
      })
      for (const dir of ['one', 'two']) {
        const own = Object.entries(files).filter(([path]) => path.startsWith(`${dir}/`))
        const tree = Object.fromEntries(own.map(([path, bytes]) => [path.slice(dir.length + 1), bytes]))
        expect(Object.keys(tree).some((path) => path.startsWith(`assets/${dir}-`))).toBe(true)
        pagesAreProtected(tree)
      }
    })

    if (major > 5)
      it('several environments', async () => {
        const { config, root } = project({
          files: { 'src/server.js': `export const render = () => import('./shared.js')\n` },
        })
        const other = {
          consumer: 'client',
          build: { outDir: 'dist/other', rollupOptions: { input: join(root, 'nested/page.html') } },
        }
        const ssr = { build: { outDir: 'dist/ssr', rollupOptions: { input: join(root, 'src/server.js') } } }
        const client = { build: { outDir: 'dist/client' } }
        const builder = await vite.createBuilder({
          ...config,
          builder: {},
          environments: { client, other, ssr },
        } as UserConfig)
        await builder.buildApp()
        pagesAreProtected(readTree(join(root, 'dist/client')))
        pagesAreProtected(readTree(join(root, 'dist/other')))
        const server = Object.values(readTree(join(root, 'dist/ssr'))).map(String)
        expect(server.join('')).toContain('shared')
        expect(server.join('')).not.toContain('importmap')
      })

    it.each<[string, UserConfig['build']]>([
      ['an SSR build', { ssr: 'src/page.js' }],
      ['a library', { lib: { entry: 'src/page.js', formats: ['es'], fileName: 'library' } }],
    ])('stays out of %s', async (_name, build) => {
      const { root, config } = project({
        pages: {},
        files: { 'public/a.html': '<!doctype html><p>a' },
        config: () => ({ build: build ?? {} }),
      })
      // In the same folder: its name is in the code that is not minified.
      const run = async (protect: boolean) => {
        const { plugins, ...rest } = config
        await vite.build({ ...rest, ...(protect ? { plugins } : {}) })
        return readTree(join(root, 'dist'))
      }
      const without = await run(false)
      expect(Object.keys(without).length).toBeGreaterThan(1)
      expect(await run(true)).toEqual(without)
    })

    it.each(['writeBundle', 'closeBundle'] as const)('fails when a page is changed in %s', async (hook) => {
      const append = (root: string): Plugin => ({
        name: 'append',
        enforce: 'post',
        [hook]: {
          order: 'post',
          sequential: true,
          async handler() {
            const { appendFile } = await import('node:fs/promises')
            await appendFile(join(root, 'dist/index.html'), '<script>late()</script>')
          },
        },
      })
      const { config, root } = project({})
      const error = await vite.build({ ...config, plugins: [config.plugins, append(root)] }).then(
        () => 'no error',
        ({ message }: Error) => message,
      )
      expect(error).toContain('[page-changed]')
    })

    it('fails when a chunk is changed after it was hashed', async () => {
      const late: Plugin = {
        name: 'late',
        enforce: 'post',
        writeBundle: {
          order: 'post',
          sequential: true,
          async handler({ dir }, bundle) {
            const { appendFile } = await import('node:fs/promises')
            const chunk = Object.keys(bundle).find((path) => path.includes('lazy') && path.endsWith('.js'))!
            await appendFile(join(dir!, chunk), '\nlate()')
          },
        },
      }
      expect(await failure({ after: () => [late] })).toContain('[file-changed]')
    })

    it('is not lost in a page of 5 MB', async () => {
      const filler = `<p>${'x'.repeat(99)}</p>\n`.repeat(50_000)
      const head = '<!doctype html><html><head><title>Large</title></head><body>'
      const body = `${filler}<script>mark('end')</script></body></html>`
      const html = head + body
      const files = await built({ files: { 'public/large.html': html }, pages: { 'index.html': [] } })
      const out = files['large.html']!.toString()
      expect(out.endsWith(body)).toBe(true)
      expect(out).toContain(`'${sri("mark('end')")}'`)
      expect(out.length).toBeLessThan(html.length + 2000)
      pagesAreProtected(files)
    })

    it('fails on a page that is no UTF-8, and on request leaves it as it is', async () => {
      const bytes = Buffer.from('<!doctype html><title>caf\u00e9</title><script>mark(1)</script>', 'latin1')
      const { config, root, told } = project({})
      const { mkdirSync, writeFileSync } = await import('node:fs')
      mkdirSync(join(root, 'public'))
      writeFileSync(join(root, 'public/latin.html'), bytes)
      const error = await vite.build(config).then(
        () => 'no error',
        ({ message }: Error) => message,
      )
      expect(error).toContain('[page-encoding]')
      const { plugins: _plugins, ...rest } = config
      await vite.build({ ...rest, plugins: [cspHashes({ findings: { 'page-encoding': 'warn' } })] })
      const files = readTree(join(root, 'dist'))
      expect(files['latin.html']!.equals(bytes)).toBe(true)
      expect(told()).toEqual(['page-encoding'])
      expect(files['index.html']!.includes('strict-dynamic')).toBe(true)
    })
  },
)
