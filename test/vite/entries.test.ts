import { Ajv2020 } from 'ajv/dist/2020.js'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { UserConfig } from 'vite'
import { describe, expect, it } from 'vitest'
import { cspHashes, type Options } from '../../src/index.ts'
import { readTree, temporaryDirectory, writeTree } from '../support/files.ts'
import { collectingLogger } from '../support/logger.ts'
import { TOOLCHAINS } from './majors.ts'

const schema = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../schema/entries.schema.json'), 'utf8'),
) as object
const validate = new Ajv2020({ allErrors: true, strict: true }).compile(schema)

const sri = (bytes: Uint8Array | string): string =>
  `sha384-${createHash('sha384').update(bytes).digest('base64')}`

interface Fields {
  importMap: { text: string; hash: string; tag: string } | null
  headers: { name: string; value: string }[]
  nonceHeaders: { name: string; value: string }[]
}
interface EntryFile {
  nonce: string
  union: Fields
  entries: Record<string, Fields & { file: string; tags: string }>
}

const FILES = {
  'src/main.js':
    "import './main.css'\nimport { shared } from './shared.js'\nshared('main')\nimport('./lazy.js')\n",
  'src/admin.js': "import { shared } from './shared.js'\nshared('admin')\n",
  'src/shared.js': 'export const shared = (name) => (document.title = `${name} of the app`)\n',
  'src/lazy.js': "import './lazy.css'\nglobalThis.lazy = true\n",
  'src/main.css': 'body { color: red }\n',
  'src/lazy.css': 'body { margin: 0 }\n',
  'src/print.css': 'body { color: black }\n',
}

const csp = ({ headers }: Pick<Fields, 'headers'>): string => headers[0]!.value

describe.each(TOOLCHAINS.map(({ major, vite }) => [major, vite] as const))('Vite %i', (major, vite) => {
  async function built(options: Options, config: UserConfig = {}) {
    const root = temporaryDirectory('entries')
    writeTree(root, FILES)
    const { logger: customLogger, lines } = collectingLogger()
    await vite.build({
      root,
      configFile: false,
      customLogger,
      base: '/build/',
      ...config,
      build: {
        manifest: true,
        rollupOptions: { input: ['main.js', 'admin.js', 'print.css'].map((name) => join(root, 'src', name)) },
        ...config.build,
      },
      plugins: [cspHashes(options)],
    } as UserConfig)
    const files = readTree(join(root, 'dist'))
    return { files, log: lines.join('\n') }
  }
  const read = (files: Record<string, Buffer>, path = '.vite/csp-hashes.json'): EntryFile =>
    JSON.parse(files[path]!.toString()) as EntryFile

  it('writes what a back end needs of each entry', async () => {
    const { files, log } = await built({})
    const file = read(files)
    expect(validate(file), JSON.stringify(validate.errors)).toBe(true)
    expect(Object.keys(file.entries).toSorted()).toEqual(['src/admin.js', 'src/main.js', 'src/print.css'])
    const { importMap, tags, headers, nonceHeaders, file: script } = file.entries['src/main.js']!
    // Each tag carries the hash of the file that it loads.
    const loaded = [...tags.matchAll(/integrity="(\S+)"[^>]*?(?:src|href)="\/build\/([^"]+)"/g)]
    expect(loaded.length).toBeGreaterThanOrEqual(3)
    expect(loaded.length).toBe(tags.split('\n').length)
    for (const [, integrity, path] of loaded) expect(integrity, path).toBe(sri(files[path!]!))
    expect(tags).toContain(`src="/build/${script}"`)
    // The import map pins the lazy chunk, and the policies list its hash.
    const lazy = Object.keys(files).find((path) => /lazy[^/]*\.js$/.test(path))!
    const { integrity } = JSON.parse(importMap!.text) as { integrity: Record<string, string> }
    expect(integrity[`/build/${lazy}`]).toBe(sri(files[lazy]!))
    expect(importMap!.hash).toBe(sri(importMap!.text))
    for (const fields of [headers, nonceHeaders])
      expect(csp({ headers: fields })).toContain(`'${importMap!.hash}'`)
    expect(csp({ headers: nonceHeaders })).toContain(`'nonce-${file.nonce}'`)
    expect(csp({ headers })).not.toContain('nonce-')
    // What all entries load together is in the union's one map.
    const union = JSON.parse(file.union.importMap!.text) as { integrity: Record<string, string> }
    expect(union.integrity).toMatchObject(integrity)
    // The log lists them as pages.
    expect(log).toMatch(/^src\/main\.js +\d+ +\d+ +\d+ B +\.vite\/csp-hashes\.json$/m)
  })

  it('lies beside a manifest of another name, and uses the placeholder of the nonce', async () => {
    const { files } = await built({ nonce: '__NONCE__' }, { build: { manifest: 'manifest.json' } })
    expect(read(files, 'csp-hashes.json').nonce).toBe('__NONCE__')
  })

  if (major === 8) {
    it('merges the import map of build.chunkImportMap', async () => {
      const { files } = await built({}, { build: { chunkImportMap: true } } as UserConfig)
      const { importMap } = read(files).entries['src/main.js']!
      const own = JSON.parse(files['importmap.json']!.toString()) as { imports: Record<string, string> }
      expect(Object.keys(own.imports).length).toBeGreaterThan(0)
      expect(JSON.parse(importMap!.text)).toMatchObject(own)
    })
  }
})
