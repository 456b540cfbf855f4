import { existsSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import type { ResolvedConfig } from 'vite'
import { applyLevels, type Finding, finding } from '../core/findings/index.ts'
import type { BuildState } from './build-state.ts'
import type { HookContext } from './hook-context.ts'
import { slashes } from '../files/slashes.ts'

/** A framework that writes pages after its bundles, or has a server render them. */
interface Framework {
  readonly name: string
  /** Matches the name of one of its Vite plugins. */
  readonly plugin: RegExp
  /** Its build command, and the directory of its pages; `undefined` if a server renders them. */
  readonly build?: string
  readonly pages?: string
}

const FRAMEWORKS: readonly Framework[] = [
  { name: 'VitePress', plugin: /^vitepress$/, build: 'vitepress build' },
  { name: 'Vike', plugin: /^vike/, build: 'vike build', pages: 'dist/client' },
  { name: 'Astro', plugin: /^(?:@astro\/|astro:)/, build: 'astro build', pages: 'dist' },
  { name: 'SvelteKit', plugin: /^vite-plugin-sveltekit/, build: 'vite build', pages: 'build' },
  { name: 'Nuxt', plugin: /^(?:nuxt:|vite:nuxt|nuxi)/, build: 'nuxt generate', pages: '.output/public' },
  { name: 'React Router', plugin: /^react-router/, build: 'react-router build', pages: 'build/client' },
  {
    name: 'TanStack Start',
    plugin: /^tanstack-(?:react-|solid-)?start/,
    build: 'vite build',
    pages: 'dist/client',
  },
  { name: 'Qwik City', plugin: /^vite-plugin-qwik/, build: 'qwik build', pages: 'dist' },
  { name: 'SolidStart', plugin: /^solid-start/, build: 'vinxi build', pages: '.output/public' },
  { name: 'Laravel', plugin: /^laravel$/ },
  { name: 'Symfony', plugin: /^symfony/ },
  { name: 'Rails', plugin: /^vite-plugin-(?:ruby|rails)/ },
]

/** Reports each directory whose build had no page once, unless pages were found in it afterwards. */
export function reportPageless(
  { pageless, config, options, outputAsked }: BuildState,
  context: HookContext,
): void {
  const found = [...pageless].flatMap((path) => (config ? [noPage(config, path, outputAsked)] : []))
  pageless.clear()
  context.report(applyLevels(found, options.findings))
}

const frameworkOf = ({ plugins }: ResolvedConfig): Framework | undefined =>
  FRAMEWORKS.find(({ plugin }) => plugins.some(({ name }) => plugin.test(name)))

/** Whether a framework uses the manifest itself to write pages after its bundles. */
export const writesPagesLater = (config: ResolvedConfig): boolean => frameworkOf(config)?.build !== undefined

/** The finding for a build without any page. `asked`: the user set the option `output`. */
function noPage(config: ResolvedConfig, directory: string, asked: boolean): Finding {
  const known = frameworkOf(config)
  const place = slashes(relative(config.root, directory)) || '.'
  const found = finding('no-page', {
    reason: reasonOf(config, known, directory),
    way: wayOf(config, known, place),
  })
  const quiet = !asked && !known?.build && !existsSync(join(directory, 'index.html'))
  return quiet ? { ...found, severity: 'info' } : found
}

function reasonOf({ build }: ResolvedConfig, known: Framework | undefined, directory: string): string {
  if (build.lib) return 'it builds a library'
  if (known?.build) return `${known.name} writes its pages after the bundle`
  if (known) return `${known.name} renders its pages on the server`
  if (existsSync(join(directory, 'index.html'))) return 'something else wrote its pages after the bundle'
  return build.manifest
    ? 'it has a manifest, so a server seems to render its pages'
    : 'its bundle has no HTML file'
}

function wayOf({ build, root }: ResolvedConfig, known: Framework | undefined, place: string): string {
  if (build.lib) return 'Remove cspHashes() from this configuration; the site that uses the library needs it.'
  // VitePress always builds into its own folder, whatever the source folder is called.
  const pages = known?.name === 'VitePress' ? relative(process.cwd(), join(root, place)) : known?.pages
  if (known?.build)
    return `Run the command behind the build: ${known.build} && npx csp-hashes ${pages || place}`
  const command = `npx csp-hashes ${place}`
  if (!known && existsSync(join(root, place, 'index.html'))) return `Run ${command} behind the build.`
  const server = `If a server renders the pages, ${build.manifest ? "the manifest has each file's integrity" : 'build with build.manifest'}: see docs/back-ends.md for the policy.`
  return known
    ? server
    : `If ${basename(place)} holds pages by the end of your build, run ${command} behind it. ${server}`
}
