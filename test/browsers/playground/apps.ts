import { join } from 'node:path'
import { build, loadConfigFromFile, type Plugin, type PluginOption } from 'vite'
import { spec as reactSpa } from '../../../playground/react-spa/spec.ts'
import type { PlaygroundSpec } from '../../../playground/spec.ts'
import { spec as vanillaMpa } from '../../../playground/vanilla-mpa/spec.ts'
import { spec as vueSpa } from '../../../playground/vue-spa/spec.ts'
import { cspHashes, type Options } from '../../../src/index.ts'

export const PLAYGROUNDS: Record<string, PlaygroundSpec> = {
  'react-spa': reactSpa,
  'vue-spa': vueSpa,
  'vanilla-mpa': vanillaMpa,
}

const playgrounds = join(import.meta.dirname, '../../../playground')

async function flat(options: PluginOption[]): Promise<Plugin[]> {
  const plugins: Plugin[] = []
  for (const option of await Promise.all(options)) {
    if (Array.isArray(option)) plugins.push(...(await flat(option as PluginOption[])))
    else if (option) plugins.push(option as Plugin)
  }
  return plugins
}

/**
 * Builds a playground by its own configuration, with other options for the plugin, or without it.
 * `before` sees the pages as Vite emits them.
 */
export async function buildPlayground(
  name: string,
  outDir: string,
  options: Options | false,
  before?: (pages: Map<string, string>) => void,
): Promise<void> {
  const root = join(playgrounds, name)
  const loaded = await loadConfigFromFile({ command: 'build', mode: 'production' }, undefined, root)
  const { plugins = [], ...config } = loaded!.config
  const others = (await flat(plugins)).filter((plugin) => plugin.name !== 'vite-plugin-csp-hashes')
  const witness: Plugin = {
    name: 'witness',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const pages = Object.values(bundle).filter(
          (file) => file.fileName.endsWith('.html') && file.type === 'asset',
        )
        before?.(new Map(pages.map((page) => [page.fileName, 'source' in page ? String(page.source) : ''])))
      },
    },
  }
  await build({
    ...config,
    configFile: false,
    root,
    logLevel: 'silent',
    build: { ...config.build, outDir, emptyOutDir: true },
    plugins: [...others, witness, ...(options ? [cspHashes(options)] : [])],
  })
}
