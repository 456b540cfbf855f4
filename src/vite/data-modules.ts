import type { Rollup } from 'vite'
import { scanPage } from '../core/scan.ts'
import { readScriptReferences } from '../directory/script-references.ts'

export interface DataModule {
  /** The file that stands for it. */
  readonly path: string
  readonly url: string
  readonly text: string
}

const SCRIPT_URL = /^data:(?:text|application)\/(?:x-)?(?:java|ecma)script[;,]/i

/** The same anywhere in a script, its slash perhaps escaped: most scripts have none, and to parse them takes long. */
const SOME_SCRIPT_URL = /data:(?:text|application)\\?\/(?:x-)?(?:java|ecma)script[;,]/i

/** Specifiers of static imports that are modules themselves, written as `data:` URLs. */
export function dataImports(code: string): string[] {
  if (!SOME_SCRIPT_URL.test(code)) return []
  return readScriptReferences(code).imports.filter((specifier) => SCRIPT_URL.test(specifier))
}

function inlineModules(path: string, html: string): string[] {
  if (!SOME_SCRIPT_URL.test(html)) return []
  return scanPage(path, html).resources.flatMap((resource) =>
    resource.kind === 'inline-script' && resource.type === 'module' ? [resource.text] : [],
  )
}

/**
 * Emits a file for every module that the bundle imports by a `data:` URL, as the guards of `@vitejs/plugin-legacy` are.
 * No fence can let a `data:` URL in, since it can carry no hash; an import map can lead to a file with the same text.
 */
export async function emitDataModules(
  context: Pick<Rollup.PluginContext, 'emitFile' | 'getFileName'>,
  bundle: Rollup.OutputBundle,
): Promise<DataModule[]> {
  const urls = Object.values(bundle).flatMap((file) => {
    if (file.type === 'chunk') return dataImports(file.code)
    if (!/\.html?$/i.test(file.fileName) || typeof file.source !== 'string') return []
    return inlineModules(file.fileName, file.source).flatMap(dataImports)
  })
  return Promise.all(
    [...new Set(urls)].map(async (url) => {
      const text = await (await fetch(url)).text()
      const reference = context.emitFile({ type: 'asset', name: 'data-module.js', source: text })
      return { path: context.getFileName(reference), url, text }
    }),
  )
}
