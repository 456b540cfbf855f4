import { resolve } from 'node:path'
import type { ResolvedConfig, Rollup } from 'vite'
import { applyLevels, type Finding, finding } from '../core/findings/index.ts'
import { digest } from '../core/site/digest.ts'
import type { HashAlgorithm, Site } from '../core/site/model.ts'
import { checkFinished } from '../own-result.ts'
import type { ResolvedOptions } from '../options.ts'
import { type SecuredSite, secureSite } from '../pipeline.ts'
import { type BuildState, type OutputDirectory, outputPath } from './build-state.ts'
import { type BuiltUrls, builtUrls } from './built-urls.ts'
import { assetText, orphanedCopies, replaceAsset } from './bundle-edits.ts'
import { type BundleSite, bundleSite, EmittedFiles } from './bundle-site.ts'
import { emitDataModules } from './emit-data-modules.ts'
import { type SecuredEntries, secureEntries } from './entry-policies.ts'
import type { HookContext } from './hook-context.ts'
import { manifestWithIntegrity } from './manifest-integrity.ts'
import { writesPagesLater } from './no-page.ts'
import { RebuildCache } from './rebuild-cache.ts'

export { bundleWritten, closeDirectories } from './disk.ts'

/** `generateBundle`: adds hashes, pins and policies to the pages of a finished bundle. */
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
  const read = readSite(directory, bundle, config, outDir, urls, options.pages)
  const manifest = manifestIn(bundle, config)
  const stale = [...orphanedCopies(bundle), ...pinManifest(bundle, manifest, read.site, options.algorithm)]
  const entries = entriesIn(bundle, manifest, read.site, state)
  const hasPages = read.site.pages.length > 0
  if (hasPages) state.pageless.delete(path)
  // Without pages, a requested header file cannot be written.
  else if (!directory.secured && (!entries || state.outputAsked)) state.pageless.add(path)
  if (!hasPages && !entries) return context.report(applyLevels(stale, options.findings))
  const ofPages = hasPages
    ? secureSite(read.site, options, context.watching ? cacheOf(state) : undefined)
    : WITHOUT_PAGES
  const secured = entries ? withEntries(ofPages, entries) : ofPages
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
  globs: ResolvedOptions['pages'],
): BundleSite {
  return bundleSite(bundle, emitted, {
    globs,
    root: config?.root,
    publicDir: config?.build.copyPublicDir && config.publicDir ? config.publicDir : undefined,
    outDir: config?.build.write === false ? undefined : outDir,
    urls,
  })
}

const WITHOUT_PAGES: SecuredSite = {
  pages: [],
  files: [],
  places: [],
  notes: [],
  left: [],
  findings: [],
  pins: new Map(),
}

interface ManifestFile {
  readonly path: string
  readonly json: string
}

function manifestIn(
  bundle: Rollup.OutputBundle,
  config: ResolvedConfig | undefined,
): ManifestFile | undefined {
  const option = config?.build.manifest
  const path = option === true ? '.vite/manifest.json' : option || undefined
  const json = path === undefined ? undefined : assetText(bundle, path)
  return path === undefined || json === undefined ? undefined : { path, json }
}

/** Writes the policies of entries next to the manifest, for back ends that render their own pages. */
function entriesIn(
  bundle: Rollup.OutputBundle,
  manifest: ManifestFile | undefined,
  site: Site,
  { options, config }: BuildState,
): SecuredEntries | undefined {
  if (!manifest || !config || writesPagesLater(config)) return undefined
  const mapped = 'chunkImportMap' in config.build && config.build.chunkImportMap
  const importMap = mapped ? assetText(bundle, 'importmap.json') : undefined
  return secureEntries(manifest, site, options, importMap)
}

/** Adds the findings and pins of entries to those of the pages; only files that entries load are read back. */
function withEntries(site: SecuredSite, { file, secured }: SecuredEntries): SecuredSite {
  const files = site.files.filter(({ root, path }) => root !== 'site' || path !== file.path)
  return {
    ...site,
    entries: secured.pages,
    files: [...files, file],
    findings: [...site.findings, ...secured.findings],
    pins: new Map([...site.pins, ...secured.pins]),
  }
}

/** Adds pins to the manifest, for back ends that render their own pages. Done even if the build has no page. */
function pinManifest(
  bundle: Rollup.OutputBundle,
  manifest: ManifestFile | undefined,
  site: Site,
  algorithm: HashAlgorithm,
): Finding[] {
  if (!manifest) return []
  const json = manifestWithIntegrity(manifest.json, (file) => {
    const bytes = site.file(file)
    return bytes && digest(bytes, algorithm)
  })
  return json === undefined ? [] : replaceAsset(bundle, manifest.path, json)
}

/** Findings that only a bundle can have. The graph is read while the site is secured, so call this afterwards. */
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

/**
 * Writes the edited pages. Pages of the public directory are not in the bundle: they are emitted, which overwrites
 * Vite's copy.
 */
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
