import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { App } from './apps.ts'
import { ROOT } from './places.ts'

export const CONTESTANTS = ['none', 'csp-hashes', 'csp-guard', 'sri-gen', 'sri3'] as const
export type Contestant = (typeof CONTESTANTS)[number]

interface Use {
  readonly load: string
  readonly call: (options: string) => string
}

/** As the documentation of each has it; csp-guard is told to do integrity as well. */
const USES: Record<Exclude<Contestant, 'none'>, Use> = {
  'csp-hashes': {
    load: "import { cspHashes } from 'vite-plugin-csp-hashes'",
    call: (options) => `cspHashes(${options})`,
  },
  'csp-guard': {
    load: "import csp from 'vite-plugin-csp-guard'",
    call: () => 'csp({ build: { sri: true } })',
  },
  'sri-gen': { load: "import sri from 'vite-plugin-sri-gen'", call: () => 'sri()' },
  sri3: { load: "import { sri } from 'vite-plugin-sri3'", call: () => 'sri()' },
}

const VITE = join(ROOT, 'node_modules/vite/bin/vite.js')

/** Writes the configuration of a contestant and gives the arguments of Node that build the app with it. */
export function buildArguments(app: App, contestant: Contestant, options = ''): string[] {
  const use = contestant === 'none' ? undefined : USES[contestant]
  const name = outputName(contestant, options)
  const plugins = [app.plugins, use?.call(options)].filter(Boolean).join(', ')
  const config = `${app.imports}
${use?.load ?? ''}

export default {
  plugins: [${plugins}],
  ${app.settings}
}
`
  const file = `vite.${name}.mjs`
  writeFileSync(join(app.folder, file), config)
  return [VITE, 'build', '--config', file, '--outDir', name]
}

function outputName(contestant: Contestant, options: string): string {
  return `dist-${contestant}${options.replace(/\W+/g, '-')}`
}

/** Where a contestant's build went. */
export function outputOf(app: App, contestant: Contestant, options = ''): string {
  return join(app.folder, outputName(contestant, options))
}
