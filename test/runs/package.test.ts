import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeDirectory, writeTree } from '../support/files.ts'

const root = join(import.meta.dirname, '../..')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

let directory: string
let tarball: string
let files: string[]
let size: number

beforeAll(() => {
  directory = makeDirectory('package')
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', directory], {
      cwd: root,
      encoding: 'utf8',
    }),
  )
  tarball = join(directory, packed.filename)
  size = packed.size
  files = packed.files.map((file: { path: string }) => file.path)
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe('the packed package', () => {
  it('holds what users need and nothing else', () => {
    const rest = files.filter((path) => !/^(?:dist\/.*\.(?:js|d\.ts)|docs\/[a-z-]+\.md)$/.test(path))
    expect(rest.toSorted()).toEqual([
      'LICENSE',
      'README.md',
      'dist/LICENSES.txt',
      'package.json',
      'schema/config.schema.json',
      'schema/csp-hashes.schema.json',
      'schema/entries.schema.json',
    ])
    for (const target of ['dist/index.js', 'dist/index.d.ts', 'dist/cli.js', 'docs/findings.md']) {
      expect(files).toContain(target)
    }
  })

  it('is as small as the README says, and runs nothing when it is installed', () => {
    expect(size).toBeLessThan(600_000)
    expect(Object.keys(manifest.scripts).filter((name) => /install|^prepare$/.test(name))).toEqual([])
  })

  it('imports its dependencies and no other package', () => {
    const code = files
      .filter((path) => path.endsWith('.js'))
      .map((path) => readFileSync(join(root, path), 'utf8'))
    const imported = code.flatMap((text) =>
      [
        ...text.matchAll(
          /(?:\bfrom |\bimport\(|(?:\bimport\.meta\.url\)|\brequire)\()"((?:@[\w.-]+\/)?[\w-]+)(?=["/:])/g,
        ),
      ].map(([, name]) => name),
    )
    expect(
      [...new Set(imported)]
        .filter((name) => name !== 'node' && name !== 'vite' && name !== manifest.name)
        .toSorted(),
    ).toEqual(Object.keys(manifest.dependencies))
  })

  it('says which other packages are in it, in which version and under which licence', () => {
    const licences = readFileSync(join(root, 'dist/LICENSES.txt'), 'utf8')
    for (const name of [
      'parse5',
      'entities',
      'jsonc-parser',
      'diff',
      'magic-string',
      '@jridgewell/sourcemap-codec',
    ]) {
      const { version, license } = JSON.parse(
        readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'),
      )
      expect(licences).toContain(`${name} ${version} (${license})`)
    }
    expect(licences.match(/^Copyright/gm)).toHaveLength(6)
    // A scan that goes on from inside another version finds other things.
    expect(manifest.devDependencies.parse5).toMatch(/^\d+\.\d+\.\d+$/)
  })

  it('has no complaint from publint', async () => {
    const data = readFileSync(tarball)
    const { messages } = await publint({
      pack: { tarball: data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) },
      strict: true,
    })
    expect(messages.map((message) => formatMessage(message, manifest))).toEqual([])
  })

  it('has types that resolve wherever the package does', async () => {
    const result = await checkPackage(createPackageFromTarballData(readFileSync(tarball)))
    if (!result.types) throw new Error('The package has no types.')
    // Modules alone: a CommonJS caller imports it dynamically (or requires it, on Node 20.19 and later).
    // The resolution of Node 10 knows no `exports`, and so no entry but the first.
    const expected = (problem: (typeof result.problems)[number]): boolean =>
      problem.kind === 'CJSResolvesToESM' ||
      (problem.kind === 'NoResolution' && problem.resolutionKind === 'node10')
    expect(result.problems.filter((problem) => !expected(problem))).toEqual([])
  })
})

describe('a new user', () => {
  it('makes an app with create-vite, adds one line, and builds', () => {
    execFileSync('npx', ['--yes', 'create-vite@9.3.0', 'app', '--template', 'react-ts', '--no-interactive'], {
      cwd: directory,
      stdio: 'pipe',
    })
    const app = join(directory, 'app')
    execFileSync('npm', ['install', '--no-audit', '--no-fund'], { cwd: app, stdio: 'pipe' })
    execFileSync('npm', ['install', '--save-dev', '--no-audit', '--no-fund', tarball], {
      cwd: app,
      stdio: 'pipe',
    })
    const config = readFileSync(join(app, 'vite.config.ts'), 'utf8')
    const changed = config
      .replace(
        "import { defineConfig } from 'vite'",
        "import { defineConfig } from 'vite'\nimport { cspHashes } from 'vite-plugin-csp-hashes'",
      )
      .replace('react()', 'react(), cspHashes()')
    expect(changed).not.toBe(config)
    writeTree(app, { 'vite.config.ts': changed })
    // Its own build: the type check of the configuration included.
    const log = execFileSync('npm', ['run', 'build'], {
      cwd: app,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1' },
    })
    expect(log).toMatch(/index\.html +0 +\d+ +\d+ B +meta/)
    expect(readFileSync(join(app, 'dist/index.html'), 'utf8')).toContain("'strict-dynamic'")
  })
})
