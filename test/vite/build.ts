import { join } from 'node:path'
import type { InlineConfig, Plugin } from 'vite'
import { cspHashes, type Options } from '../../src/index.ts'
import { writeTree } from '../support/files.ts'
import { collectingLogger } from '../support/logger.ts'
import { APP, MARKS } from './app.ts'
import type { Fixture } from './fixtures.ts'
import type { Toolchain } from './majors.ts'

export interface BuildRequest {
  readonly toolchain: Toolchain
  readonly fixture: Fixture
  /** Folder of the project: the output is in `dist` inside it. */
  readonly root: string
  readonly cdn: string
  /** Over the fixture's own. `undefined` leaves the plugin out. */
  readonly options: Options | undefined
}

export interface Built {
  readonly dist: string
  readonly base: string
  /** The codes of the findings that were told. */
  readonly told: readonly string[]
}

const FINDING = /\[([a-z-]+)\]$/gm

/** The codes of findings in a message, if it is the plugin's. */
export function codesIn(text: string): string[] {
  return text.includes('[vite-plugin-csp-hashes]') ? [...text.matchAll(FINDING)].map(([, code]) => code!) : []
}

/** Writes the app as the fixture has it, and gives the configuration that builds it. */
export function configOf(request: BuildRequest): InlineConfig {
  const { toolchain, fixture, root, cdn, options } = request
  const files = Object.entries({ ...APP, ...fixture.files })
  writeTree(root, Object.fromEntries(files.map(([path, text]) => [path, Buffer.from(text, 'utf8')])))
  const wasm = fixture.files?.['src/answer.wasm']
  if (wasm !== undefined) writeTree(root, { 'src/answer.wasm': Buffer.from(wasm, 'latin1') })
  const setting = { ...toolchain, root, cdn }
  const own = fixture.config?.(setting) ?? {}
  const pages = Object.keys(fixture.pages ?? MARKS).filter(
    (path) => `public/${path}` in (fixture.files ?? {}) === false,
  )
  const protect: Plugin[] = options ? [cspHashes({ ...fixture.options, ...options })] : []
  return toolchain.vite.mergeConfig(
    {
      root,
      configFile: false,
      build: {
        outDir: 'dist',
        rollupOptions: pages.length > 0 ? { input: pages.map((path) => join(root, path)) } : {},
      },
      plugins: [fixture.before?.(setting) ?? [], protect, fixture.after?.(setting) ?? []],
    } satisfies InlineConfig,
    own,
  )
}

export async function buildFixture(request: BuildRequest): Promise<Built> {
  const { logger, warnings } = collectingLogger()
  const config = configOf(request)
  await request.toolchain.vite.build({ ...config, customLogger: logger, logLevel: 'warn' })
  return { dist: join(request.root, 'dist'), base: config.base ?? '/', told: warnings.flatMap(codesIn) }
}
