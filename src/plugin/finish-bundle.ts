import { resolve } from 'node:path'
import type { ResolvedConfig, Rollup } from 'vite'
import { applyLevels, type Finding, finding } from '../core/findings/index.ts'
import { digest } from '../core/site/digest.ts'
import type { HashAlgorithm, Site } from '../core/site/model.ts'
import { checkFinished } from '../own-result.ts'
import { type SecuredSite, secureSite } from '../pipeline.ts'
import { type BuildState, type OutputDirectory, outputPath } from './build-state.ts'
import { type BuiltUrls, builtUrls } from './built-urls.ts'
import { orphanedCopies, replaceAsset } from './bundle-edits.ts'
import { type BundleSite, bundleSite, EmittedFiles } from './bundle-site.ts'
import { emitDataModules } from './emit-data-modules.ts'
import type { HookContext } from './hook-context.ts'
import { manifestWithIntegrity } from './manifest-integrity.ts'
import { RebuildCache } from './rebuild-cache.ts'

export { bundleWritten, closeDirectories } from './disk.ts'

/** `generateBundle`: the pages of a finished bundle get their hashes, pins and policies. */
export async function finishBundle(
  state: BuildState,
  context: HookContext,
  output: Rollup.NormalizedOutputOptions,
  bundle: Rollup.OutputBundle,
): Promise<void> {
  const { config } = context
  const { options } = state
  if (config?.build.ssr) return
  if (config?.build.lib) {
    state.pageless.add(outputPath(config, output) ?? '')
    return
  }
  const outDir = config ? resolve(config.root, config.build.outDir) : output.dir
  const path = outputPath(config, output) ?? ''
  const directory = directoryOf(state, path)
  await addBundle(directory, context, bundle)
  const urls = builtUrls(config, () => Object.keys(bundle))
  const read = readSite(directory, bundle, config, outDir, urls)
  const stale = [...orphanedCopies(bundle), ...pinManifest(bundle, config, read.site, options.algorithm)]
  if (read.site.pages.length === 0) {
    if (!directory.secured) state.pageless.add(path)
    return context.report(applyLevels(stale, options.findings))
  }
  state.pageless.delete(path)
  const secured = secureSite(read.site, options, context.watching ? cacheOf(state) : undefined)
  const found = [...stale, ...findingsOf(state, directory, read, urls)]
  const unwritten = replacePages(context, bundle, secured, read.publicPages)
  context.report([...secured.findings, ...applyLevels([...found, ...unwritten], options.findings)])
  for (const { path, content } of secured.files.filter(({ root }) => root === 'site'))
    context.plugin.emitFile({ type: 'asset', fileName: path, source: content })
  directory.secured = secured
  if (config && !config.build.write) context.summarise(secured)
}

function directoryOf({ directories }: BuildState, path: string): OutputDirectory {
  const directory = directories.get(path) ?? { emitted: new EmittedFiles() }
  directories.set(path, directory)
  return directory
}

function cacheOf(state: BuildState): RebuildCache {
  state.cache ??= new RebuildCache()
  state.cache.next()
  return state.cache
}

async function addBundle(
  { emitted }: OutputDirectory,
  { plugin }: HookContext,
  bundle: Rollup.OutputBundle,
): Promise<void> {
  for (const one of await emitDataModules(plugin, bundle)) emitted.addDataModule(one)
  emitted.add(bundle)
}

function readSite(
  { emitted }: OutputDirectory,
  bundle: Rollup.OutputBundle,
  config: ResolvedConfig | undefined,
  outDir: string | undefined,
  urls: BuiltUrls,
): BundleSite {
  return bundleSite(bundle, emitted, {
    root: config?.root,
    publicDir: config?.build.copyPublicDir && config.publicDir ? config.publicDir : undefined,
    outDir: config?.build.write === false ? undefined : outDir,
    urls,
  })
}

/** Back ends that render their own pages read the pins from the manifest, so it has them even without any page. */
function pinManifest(
  bundle: Rollup.OutputBundle,
  config: ResolvedConfig | undefined,
  site: Site,
  algorithm: HashAlgorithm,
): Finding[] {
  const option = config?.build.manifest
  const path = option === true ? '.vite/manifest.json' : option || undefined
  const asset = path === undefined ? undefined : bundle[path]
  if (path === undefined || asset?.type !== 'asset') return []
  const json = manifestWithIntegrity(Buffer.from(asset.source).toString(), (file) => {
    const bytes = site.file(file)
    return bytes && digest(bytes, algorithm)
  })
  return json === undefined ? [] : replaceAsset(bundle, path, json)
}

/** What only a bundle can have wrong. The graph is read while the site is secured, so this comes after it. */
function findingsOf(
  { helperUnknown }: BuildState,
  { emitted }: OutputDirectory,
  { graphFindings, unreadable }: BundleSite,
  urls: BuiltUrls,
): Finding[] {
  const runtimeFile = urls.runtimeFile(emitted.lazyStyles())
  return [
    ...graphFindings(),
    ...(runtimeFile === undefined ? [] : [finding('import-map-runtime', { file: runtimeFile })]),
    ...unreadable.map((file) => finding('page-encoding', {}, { file, source: '', offset: 0 })),
    ...(helperUnknown ? [finding('preload-helper-unknown', {})] : []),
  ]
}

/** Pages of the public directory are not in the bundle: they are added to it, and Vite's copy is overwritten. */
function replacePages(
  { plugin }: HookContext,
  bundle: Rollup.OutputBundle,
  { pages }: SecuredSite,
  publicPages: BundleSite['publicPages'],
): Finding[] {
  return pages.flatMap((page) => {
    const { path, html } = page
    const found = checkFinished(page)
    if (!publicPages.has(path)) return [...found, ...replaceAsset(bundle, path, html)]
    plugin.emitFile({ type: 'asset', fileName: path, source: html })
    return found
  })
}
