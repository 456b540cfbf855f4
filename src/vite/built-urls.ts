import type { ResolvedConfig, Rollup } from 'vite'
import type { Site } from '../core/model.ts'

/**
 * URLs as `experimental.renderBuiltUrl` writes them, and back. Only strings count: a runtime expression is known to
 * the browser alone.
 */
export function builtUrls(
  config: ResolvedConfig | undefined,
  files: () => Iterable<string>,
): Pick<Site, 'urlOf' | 'fileOf'> {
  const render = config?.experimental.renderBuiltUrl
  if (!render) return {}
  const urlOf: NonNullable<Site['urlOf']> = (path, from) => {
    const url = render(path, { hostId: from.path, hostType: from.type, type: 'asset', ssr: false })
    return typeof url === 'string' ? url : undefined
  }
  let byUrl: Map<string, string> | undefined
  const fileOf: NonNullable<Site['fileOf']> = (url) => {
    byUrl ??= new Map(
      [...files()].flatMap((path) =>
        (['html', 'js', 'css'] as const).flatMap((type) => {
          const built = urlOf(path, { path: 'index.html', type })
          return built === undefined ? [] : [[built, path] as const]
        }),
      ),
    )
    return byUrl.get(url)
  }
  return { urlOf, fileOf }
}

export type { Rollup }
