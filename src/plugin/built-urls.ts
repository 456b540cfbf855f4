import type { ResolvedConfig } from 'vite'
import type { Site } from '../core/site/model.ts'

export interface BuiltUrls extends Pick<Site, 'base' | 'urlOf' | 'fileOf'> {
  /** The first of the files whose URL scripts compute at run time, so that it is known only in the browser. */
  runtimeFile(files: Iterable<string>): string | undefined
}

/** Converts paths to the URLs that `base` and `experimental.renderBuiltUrl` give them, and back. */
export function builtUrls(config: ResolvedConfig | undefined, files: () => Iterable<string>): BuiltUrls {
  const base = config?.base ?? '/'
  const render = config?.experimental.renderBuiltUrl
  if (!render) return { base, runtimeFile: () => undefined }
  const built = (path: string, from: { path: string; type: 'html' | 'js' | 'css' }) =>
    render(path, { hostId: from.path, hostType: from.type, type: 'asset', ssr: false })
  const urlOf: NonNullable<Site['urlOf']> = (path, from) => {
    const url = built(path, from)
    return typeof url === 'string' ? url : undefined
  }
  let byUrl: Map<string, string> | undefined
  const fileOf: NonNullable<Site['fileOf']> = (url) => {
    byUrl ??= new Map(
      [...files()].flatMap((path) =>
        (['html', 'js', 'css'] as const).flatMap((type) => {
          const own = urlOf(path, { path: 'index.html', type })
          return own === undefined ? [] : [[own, path] as const]
        }),
      ),
    )
    return byUrl.get(url)
  }
  const isRuntime = (path: string): boolean => {
    const url = built(path, { path: 'index.js', type: 'js' })
    return typeof url === 'object' && url.runtime !== undefined
  }
  return {
    base,
    urlOf,
    fileOf,
    runtimeFile: (paths) => [...paths].find(isRuntime),
  }
}
