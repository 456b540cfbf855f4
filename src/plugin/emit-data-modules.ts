import type { Rollup } from 'vite'
import { type DataModule, dataImports, dataImportsOfPage } from '../core/graph/data-modules.ts'

/**
 * Emits a file for every module that the bundle imports by a `data:` URL, such as the guards of
 * `@vitejs/plugin-legacy`. A fence cannot allow a `data:` URL, because the fence must not contain hashes; an
 * import map can map the URL to a file with the same text.
 */
export async function emitDataModules(
  context: Pick<Rollup.PluginContext, 'emitFile' | 'getFileName'>,
  bundle: Rollup.OutputBundle,
): Promise<DataModule[]> {
  const urls = Object.values(bundle).flatMap((file) => {
    if (file.type === 'chunk') return dataImports(file.code)
    if (!/\.html?$/i.test(file.fileName) || typeof file.source !== 'string') return []
    return dataImportsOfPage(file.fileName, file.source)
  })
  return Promise.all(
    [...new Set(urls)].map(async (url) => {
      const text = await (await fetch(url)).text()
      const reference = context.emitFile({ type: 'asset', name: 'data-module.js', source: text })
      return { path: context.getFileName(reference), url, text }
    }),
  )
}
